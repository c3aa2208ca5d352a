import { resolve } from 'node:path'
import { type Deduped, dedupePrompts, repeatedIds } from '../../datasets/dedupe.ts'
import { loadPrompts } from '../../datasets/load-prompts.ts'
import { EVERYTHING } from '../../datasets/select.ts'
import { EXIT_CODES } from '../../model/exit-code.ts'
import type { Prompt } from '../../model/prompt.ts'
import { plural } from '../../report/plural.ts'
import { UsageError } from '../../model/usage-error.ts'
import type { DatasetsCall } from './call.ts'
import { namedFiles } from './chosen-files.ts'
import { prepareOut, writeRows } from './write-output.ts'

/** `datasets dedupe FILE... --out FILE`: the files in one, each prompt once. */
export async function dedupe({ operands, options, io }: DatasetsCall): Promise<number> {
  const out = resolve(io.workingDirectory, options.out ?? '')
  await prepareOut(out)
  const all: Prompt[] = []
  // File by file: an id may occur in several, as long as it is then the same prompt.
  for (const file of namedFiles(operands, io.workingDirectory)) {
    const skipInvalid = options.datasetSkipInvalid
    const one = { name: file.name, files: [file], selection: EVERYTHING }
    all.push(...(await loadPrompts({ ...one, skipInvalid, dropDuplicates: false })).prompts)
  }
  const deduped = dedupePrompts(all)
  const repeated = repeatedIds(deduped.prompts)
  if (repeated.length > 0) {
    throw new UsageError(
      `ids of different prompts: ${repeated.length}, such as ${repeated.slice(0, 5).join(', ')}; rename them in one of the files`,
    )
  }
  await writeRows(out, deduped.prompts)
  io.stdout(
    `${deduped.prompts.length} of ${all.length} rows written to ${options.out}; ${plural(deduped.removed, 'duplicate')} removed\n${describeConflicts(deduped)}`,
  )
  return EXIT_CODES.ok.code
}

const MOST_CONFLICTS = 10

/** The same prompt under both labels: someone has to decide. Empty where there is none. */
export function describeConflicts({ conflicts }: Pick<Deduped, 'conflicts'>): string {
  if (conflicts.length === 0) return ''
  const shown = conflicts
    .slice(0, MOST_CONFLICTS)
    .map(
      ([kept, removed]) =>
        `  ${kept.id} (${kept.label}, kept) and ${removed.id} (${removed.label})`,
    )
  const more =
    conflicts.length > shown.length ? [`  and ${conflicts.length - shown.length} more`] : []
  const head = `${plural(conflicts.length, 'duplicate')} with another label than the row that was kept:`
  return `${[head, ...shown, ...more].join('\n')}\n`
}
