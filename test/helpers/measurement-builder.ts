import { createRecorder } from '../../src/engine/recorder.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import type { Outcome } from '../../src/model/outcome.ts'

interface Row {
  readonly outcome?: Outcome
  readonly status?: number
  readonly latencyMs?: number
  readonly reused?: boolean
}

/** A measurement of these rows, sent 10 ms apart from instant 1000 on. */
export function buildMeasurement(
  rows: readonly Row[],
  given: Partial<Measurement> = {},
): Measurement {
  const recorder = createRecorder(Math.max(1, rows.length))
  for (const [sequence, row] of rows.entries()) {
    const sentAt = 1000 + sequence * 10
    const outcome = row.outcome ?? 'ok'
    recorder.record(
      { sequence, promptIndex: 0, delayMs: 0 },
      {
        outcome,
        status: row.status ?? (outcome === 'ok' ? 200 : undefined),
        sentAt,
        endedAt: sentAt + (row.latencyMs ?? 20),
        reused: row.reused ?? true,
        connectMs: 0,
        bodyBytes: 2,
      },
    )
  }
  return {
    endpoint: 'target',
    url: 'http://127.0.0.1:8081/v1/chat/completions',
    concurrency: 1,
    planned: rows.length,
    samples: recorder.columns(),
    durationMs: rows.length * 10 + 10,
    errorExamples: [],
    partial: false,
    ...given,
  }
}

/** Rows of these latencies, all ok. */
export function okRows(latenciesMs: readonly number[]): Row[] {
  return latenciesMs.map((latencyMs) => ({ latencyMs }))
}
