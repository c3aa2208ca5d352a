import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import { FINISH_REASONS, hasFlag, type StreamFlag } from '../model/stream.ts'
import type { Share, StreamCheck, StreamIntegrity } from '../model/stream-result.ts'
import { isEnded, StreamAnswer, type StreamedMeasurement } from './stream-answer.ts'
import { compareContent } from './stream-content.ts'

export interface IntegrityContext {
  /** Undefined for the baseline itself, and for a single endpoint. */
  readonly baseline: StreamedMeasurement | undefined
  readonly control: boolean
  /** Of the requests; only at 0 do equal prompts have equal answers. */
  readonly temperature: number | undefined
}

const NO_BASELINE = 'needs a baseline to compare with'

/** Checks that one answer alone tells: what is missing, and what is there that should not. */
const LACKS: readonly (readonly [StreamCheck, StreamFlag])[] = [
  ['no [DONE]', 'done'],
  ['no usage', 'usage'],
  ['no role frame', 'roleFrame'],
]
const HOLDS: readonly (readonly [StreamCheck, StreamFlag])[] = [
  ['error event', 'errorEvent'],
  ['two role frames', 'doubleRole'],
  ['broken text', 'brokenText'],
  ['not JSON', 'malformed'],
  ['after [DONE]', 'afterDone'],
  ['comments', 'comments'],
  ['CR line ends', 'carriageReturns'],
  ['no space', 'noSpace'],
]

/** How whole an endpoint's streams are: counts over all answers with a 2xx that the client did not end itself. */
export function integrityOf(
  measurement: StreamedMeasurement,
  { baseline, control, temperature }: IntegrityContext,
): StreamIntegrity {
  const chunksPerRead = chunksPerReadOf(measurement)
  const before = baseline && chunksPerReadOf(baseline)
  return {
    endpoint: measurement.endpoint,
    level: measurement.level,
    baseline: baseline?.endpoint,
    control,
    checks: {
      ...countChecks(measurement),
      ...(baseline === undefined
        ? unjudged(NO_BASELINE)
        : {
            'one burst': burstsOf(baseline, measurement),
            ...(temperature === 0
              ? compareContent(baseline, measurement)
              : contentUnjudged('answers differ by themselves above --temperature 0')),
          }),
    },
    chunksPerRead,
    coalescing: ratioOf(chunksPerRead, before),
  }
}

type AloneCheck = Exclude<StreamCheck, 'one burst' | 'altered' | 'reordered'>

function countChecks(measurement: StreamedMeasurement): Record<AloneCheck, Estimate<Share>> {
  const counts = new Map<StreamCheck, number>()
  const add = (check: StreamCheck) => counts.set(check, (counts.get(check) ?? 0) + 1)
  const answers = new StreamAnswer(measurement, measurement.stream)
  let all = 0
  let streams = 0
  while (answers.next()) {
    if (!isEnded(answers)) continue
    all += 1
    const { flags } = answers
    if (!hasFlag(flags, 'events')) {
      add('not a stream')
      continue
    }
    streams += 1
    for (const [check, flag] of LACKS) if (!hasFlag(flags, flag)) add(check)
    for (const [check, flag] of HOLDS) if (hasFlag(flags, flag)) add(check)
    if (FINISH_REASONS[answers.finishReason] === 'none' && !hasFlag(flags, 'done')) add('truncated')
  }
  const shareOf = (check: StreamCheck, of: number): Estimate<Share> =>
    of === 0 ? unmeasured('no answer came') : measured({ count: counts.get(check) ?? 0, of })
  const names = ['truncated', ...LACKS.map(([name]) => name), ...HOLDS.map(([name]) => name)]
  return {
    'not a stream': shareOf('not a stream', all),
    ...Object.fromEntries(names.map((name) => [name, shareOf(name as StreamCheck, streams)])),
  } as Record<AloneCheck, Estimate<Share>>
}

function unjudged(reason: string) {
  return { 'one burst': unmeasured(reason), ...contentUnjudged(reason) }
}

function contentUnjudged(reason: string) {
  return { altered: unmeasured(reason), reordered: unmeasured(reason) }
}

/** Chunks that a stream has, and from the first to the last how long it lasts at the baseline, for a burst to mean something. */
const SPREAD_CHUNKS = 3
const SPREAD_MS = 10

/** A burst lasts no longer than this share of what the same prompt's stream lasted at the baseline. */
const BURST_SHARE = 0.1

/** Buffering: answers whose content came all at once although that of the same prompt was spread out at the baseline. */
function burstsOf(baseline: StreamedMeasurement, candidate: StreamedMeasurement): Estimate<Share> {
  const spreads = new Map<number, number>()
  const before = new StreamAnswer(baseline, baseline.stream)
  while (before.next()) {
    const spread = spreadOf(before)
    if (before.isAnswered && before.chunks >= SPREAD_CHUNKS && spread >= SPREAD_MS) {
      spreads.set(before.sequence, spread)
    }
  }
  const after = new StreamAnswer(candidate, candidate.stream)
  let count = 0
  let of = 0
  while (after.next()) {
    const usual = spreads.get(after.sequence)
    if (!after.isAnswered || usual === undefined || after.chunks === 0) continue
    of += 1
    if (spreadOf(after) <= BURST_SHARE * usual) count += 1
  }
  return of === 0
    ? unmeasured(`no pair whose content takes ${SPREAD_MS} ms or more at the baseline`)
    : measured({ count, of })
}

/** From the first to the last content chunk, ms. */
function spreadOf({ firstTokenAt = 0, lastTokenAt = firstTokenAt }: StreamAnswer): number {
  return lastTokenAt - firstTokenAt
}

function chunksPerReadOf(measurement: StreamedMeasurement): Estimate {
  const answers = new StreamAnswer(measurement, measurement.stream)
  let chunks = 0
  let reads = 0
  while (answers.next()) {
    if (!isEnded(answers)) continue
    chunks += answers.chunks
    reads += answers.contentReads
  }
  return reads === 0 ? unmeasured('no answer held content') : measured(chunks / reads)
}

function ratioOf(after: Estimate, before: Estimate | undefined): Estimate {
  if (before === undefined) return unmeasured(NO_BASELINE)
  if (after.value === undefined) return after
  return before.value === undefined ? before : measured(after.value / before.value)
}
