import { createRecorder } from '../../src/engine/recorder.ts'
import { type Ground, GroundTable } from '../../src/model/ground.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import type { Outcome } from '../../src/model/outcome.ts'

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
}

export const ALLOWED: Ground = { kind: 'allowed', rule: 'answer/complete' }
export const BLOCKED: Ground = { kind: 'blocked', rule: 'llmtrace/enforcement', by: 'proxy' }

/** A measurement of these rows, sent 10 ms apart from instant 1000 on, each round a second after the one before. */
export function buildMeasurement(
  rows: readonly Row[],
  given: Partial<Measurement> = {},
): Measurement {
  const recorder = createRecorder(Math.max(1, rows.length))
  const judged = rows.some(({ ground }) => ground !== undefined)
  const table = new GroundTable()
  for (const [index, row] of rows.entries()) {
    const round = row.round ?? 0
    const sentAt = 1000 + index * 10 + round * 1000
    const outcome = row.outcome ?? 'ok'
    recorder.record(
      { sequence: row.sequence ?? index, promptIndex: row.promptIndex ?? 0, delayMs: 0 },
      {
        outcome,
        status: row.status ?? (outcome === 'ok' ? 200 : undefined),
        sentAt,
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
    errorExamples: [],
    clientLoads: [],
    facts: [],
    heldBack: 0,
    ...(judged ? { grounds: table.grounds() } : {}),
    partial: false,
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
