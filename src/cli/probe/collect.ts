import type { EvidenceNotes } from '../../model/late-evidence.ts'
import type { ProbedCase } from '../../model/probe.ts'
import type { RunOptions } from '../../options/run-options.ts'
import { redactTexts } from '../../results/redact.ts'
import type { JsonlWriter } from '../../results/probe-outputs/jsonl-writer.ts'
import { CASE_ID_HEADER } from '../../wire/headers.ts'
import type { PreparedRun } from '../prepare-run.ts'
import { describeAttempts, type Describing } from './describe-attempts.ts'
import type { FindingsReader } from './findings-reader.ts'
import type { ProbeIds } from './probe-ids.ts'
import { type ExtraHeaders, type SentCase, sendCases } from './send-cases.ts'
import type { UpstreamWitness } from './upstream-witness.ts'

export interface Collecting {
  readonly options: RunOptions
  readonly prepared: PreparedRun
  readonly describing: Describing
  readonly workers: number
  readonly ids: ProbeIds
  readonly upstream: UpstreamWitness | undefined
  readonly findings: FindingsReader | undefined
  readonly jsonl: JsonlWriter | undefined
  /** The rows of a case, once its verdicts stand; called in any order. */
  readonly onRows: (place: number, rows: readonly ProbedCase[]) => void
  readonly signal: AbortSignal
}

export interface Collected {
  readonly probed: readonly ProbedCase[]
  readonly evidence: EvidenceNotes
}

/** Sends all cases, then hears who else saw them, and gives every attempt with its verdict. */
export async function collect(collecting: Collecting): Promise<Collected> {
  const { options, prepared, describing, workers, upstream, findings, jsonl } = collecting
  const { onRows, signal } = collecting
  const live: (readonly [place: number, rows: readonly ProbedCase[]])[] = []
  const held: SentCase[] = []
  await sendCases(options, prepared, {
    judging: describing.judging,
    workers,
    headersOf: headersOf(collecting),
    onCase: (sent) => {
      const rows = describeAttempts(sent, describing)
      jsonl?.write(rows)
      findings?.note(sent)
      // The log may say otherwise of a verdict that would have been printed already.
      if (upstream !== undefined) held.push(sent)
      else onRows(sent.place, rows)
      live.push([sent.place, rows])
    },
    signal,
  })
  const judged = upstream === undefined ? undefined : await testify(collecting, upstream, held)
  for (const [place, rows] of judged?.rows ?? []) onRows(place, rows)
  const standing = inOrder(judged?.rows ?? live)
  const read = await findings?.read(standing, signal)
  const last = read?.probed ?? standing
  jsonl?.write(revisedRows(inOrder(live), last), true)
  return {
    probed: last,
    evidence: redactTexts(
      {
        ...(judged === undefined ? {} : { upstreamLog: judged.note }),
        ...(read === undefined ? {} : { findings: read.note }),
      },
      describing.redact,
    ),
  }
}

function headersOf({ prepared, ids, findings }: Collecting): ExtraHeaders {
  return (endpoint, turn) => {
    const prompt = prepared.prompts[turn.caseIndex]
    const caseId = ids.caseHeader(prompt?.id ?? '', endpoint, turn)
    return [[CASE_ID_HEADER, caseId], ...(findings?.headersOf(endpoint, turn) ?? [])]
  }
}

/** Judges all cases again, with what the server behind the proxy says. */
async function testify(
  { prepared, ids, describing }: Collecting,
  upstream: UpstreamWitness,
  held: readonly SentCase[],
) {
  const { baseline } = describing.judging
  const { note, upstreamOf } = await upstream.testify(held, { prepared, ids, baseline })
  const judging = { ...describing.judging, upstreamOf }
  const rows = held.map(
    (sent) => [sent.place, describeAttempts(sent, { ...describing, judging })] as const,
  )
  return { note, rows }
}

/** Cases end in any order; files have them in the order of the dataset. */
function inOrder(
  rows: readonly (readonly [place: number, rows: readonly ProbedCase[]])[],
): ProbedCase[] {
  return rows.toSorted(([one], [other]) => one - other).flatMap(([, own]) => own)
}

/** Both lists hold the same attempts in the same order. */
function revisedRows(before: readonly ProbedCase[], after: readonly ProbedCase[]): ProbedCase[] {
  return after.filter((one, index) => {
    const first = before[index]?.verdict
    return JSON.stringify(first) !== JSON.stringify(one.verdict)
  })
}
