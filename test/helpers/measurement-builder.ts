import { createRecorder } from '../../src/engine/recorder.ts'
import { StreamRecorder } from '../../src/engine/stream-recorder.ts'
import { type Ground, GroundTable } from '../../src/model/ground.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import { STREAM_FLAGS, type StreamFacts } from '../../src/model/stream.ts'

export interface Row {
  readonly outcome?: Outcome
  readonly status?: number
  readonly latencyMs?: number
  readonly reused?: boolean
  readonly round?: number
  readonly sequence?: number
  readonly promptIndex?: number
  /** Where one row has it, all without are allowed. */
  readonly ground?: Ground
  /** Open loop: how long after the intended instant it was sent. */
  readonly lagMs?: number
  readonly stream?: StreamFacts
}

export const ALLOWED: Ground = { kind: 'allowed', rule: 'answer/complete' }
export const BLOCKED: Ground = { kind: 'blocked', rule: 'llmtrace/enforcement', by: 'proxy' }

/** A measurement of these rows, sent 10 ms apart from instant 1000 on, each round a second after the one before. */
export function buildMeasurement(
  rows: readonly Row[],
  given: Partial<Measurement> = {},
): Measurement {
  const recorder = createRecorder(Math.max(1, rows.length))
  const streams = rows.some(({ stream }) => stream !== undefined)
    ? new StreamRecorder(rows.length, 0)
    : undefined
  const judged = rows.some(({ ground }) => ground !== undefined)
  const table = new GroundTable()
  for (const [index, row] of rows.entries()) {
    const round = row.round ?? 0
    const sentAt = 1000 + index * 10 + round * 1000
    streams?.record(row.stream && shifted(row.stream, sentAt))
    const outcome = row.outcome ?? 'ok'
    recorder.record(
      { sequence: row.sequence ?? index, promptIndex: row.promptIndex ?? 0, delayMs: 0 },
      {
        outcome,
        status: row.status ?? (outcome === 'ok' ? 200 : undefined),
        sentAt,
        firstByteAt: row.stream && sentAt + 1,
        endedAt: sentAt + (row.latencyMs ?? 20),
        reused: row.reused ?? true,
        connectMs: 0,
        bodyBytes: 2,
      },
      { round, intendedAt: row.lagMs === undefined ? undefined : sentAt - row.lagMs },
    )
    if (judged) recorder.judge(index, table.numberOf(row.ground ?? ALLOWED))
  }
  return {
    endpoint: 'target',
    url: 'http://127.0.0.1:8081/v1/chat/completions',
    level: { concurrency: 1 },
    planned: Math.max(1, rows.length),
    rounds: Math.max(1, ...rows.map(({ round = 0 }) => round + 1)),
    samples: recorder.columns(),
    ...(streams === undefined ? {} : { stream: streams.columns() }),
    errorExamples: [],
    clientLoads: [],
    facts: [],
    heldBack: 0,
    ...(judged ? { grounds: table.grounds() } : {}),
    partial: false,
    ...given,
  }
}

/** The stream with its instants, which are given from the sending on, as instants of the run. */
function shifted(stream: StreamFacts, sentAt: number): StreamFacts {
  const at = (instant: number | undefined) => (instant === undefined ? undefined : instant + sentAt)
  return {
    ...stream,
    firstChunkAt: at(stream.firstChunkAt),
    firstTokenAt: at(stream.firstTokenAt),
    lastTokenAt: at(stream.lastTokenAt),
  }
}

/** A whole stream of content chunks that came so many ms after the sending. */
export function streamOf(
  chunksAt: readonly number[],
  given: Partial<StreamFacts> = {},
): StreamFacts {
  const reads = new Map<number, number>()
  for (const at of chunksAt) reads.set(at, (reads.get(at) ?? 0) + 1)
  return {
    firstChunkAt: chunksAt[0],
    firstTokenAt: chunksAt[0],
    lastTokenAt: chunksAt.at(-1),
    chunks: chunksAt.length,
    reads: reads.size + 1,
    contentReads: reads.size,
    largestRead: Math.max(0, ...reads.values()),
    gapsMs: chunksAt.slice(1).map((at, index) => at - (chunksAt[index] ?? 0)),
    inputTokens: 5,
    outputTokens: chunksAt.length,
    cachedTokens: 0,
    finishReason: 'stop',
    flags: STREAM_FLAGS.events | STREAM_FLAGS.done | STREAM_FLAGS.usage | STREAM_FLAGS.roleFrame,
    contentLength: chunksAt.length * 3,
    reasoningLength: 0,
    contentHash: 7,
    lettersHash: 7,
    ...given,
  }
}

/** Rows of these latencies, all ok. */
export function okRows(latenciesMs: readonly number[]): Row[] {
  return latenciesMs.map((latencyMs) => ({ latencyMs }))
}

/** Rows over `rounds` rounds of `each` requests, the latency a function of round and sequence. */
export function roundRows(
  rounds: number,
  each: number,
  latencyOf: (round: number, sequence: number) => number,
): Row[] {
  return Array.from({ length: rounds * each }, (_, sequence) => {
    const round = Math.floor(sequence / each)
    return { round, sequence, latencyMs: latencyOf(round, sequence) }
  })
}
