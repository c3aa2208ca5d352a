import { readFile } from 'node:fs/promises'
import type { EarlierRun } from '../../analysis/analyse-probe.ts'
import { judgeCase } from '../../analysis/judged-case.ts'
import type { Prompt } from '../../model/prompt.ts'
import { UsageError } from '../../model/usage-error.ts'
import { readEarlierProbe, type SavedProbe } from '../../results/read-earlier-probe.ts'
import { promptDigest } from './digest.ts'

const FLAG = '--against'

/**
 * The cases of a saved probe that this run will send too: the same id, and the same prompt where the file says which it
 * was. Throws UsageError for a file that is none, and for one without a single such case.
 */
export async function readEarlierRun(
  path: string,
  prompts: readonly Prompt[],
): Promise<EarlierRun> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${FLAG} ${path} cannot be read (${error.code}); give a file that a probe's --output-json wrote`,
    )
  })
  return matchRun(path, readEarlierProbe(FLAG, path, text), prompts)
}

function matchRun(path: string, saved: SavedProbe, prompts: readonly Prompt[]): EarlierRun {
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]))
  const known = saved.cases.filter(({ caseId }) => byId.has(caseId))
  const same = known.filter(({ caseId, promptDigest: before }) => {
    const prompt = byId.get(caseId)
    return before === undefined || (prompt && promptDigest(prompt)) === before
  })
  const cases = same.flatMap(({ caseId, verdict, repeat }) => {
    const prompt = byId.get(caseId)
    return prompt === undefined ? [] : (judgeCase(prompt, verdict, repeat - 1) ?? [])
  })
  const otherPrompt = distinct(known) - distinct(same)
  const overlapping = distinct(cases)
  if (overlapping === 0) {
    const other = otherPrompt === 0 ? '' : `; ${otherPrompt} ids occur in both with another prompt`
    throw new UsageError(
      `${FLAG} ${path} holds ${distinct(saved.cases)} cases and none of the ${prompts.length} of this run${other}; give a run of the same dataset`,
    )
  }
  return { file: path, startedAt: saved.startedAt, overlapping, otherPrompt, cases }
}

function distinct(cases: readonly { readonly caseId: string }[]): number {
  return new Set(cases.map(({ caseId }) => caseId)).size
}
