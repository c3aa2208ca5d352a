import type { Slo } from '../model/budget.ts'
import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Measurement } from '../model/measurement.ts'
import { isAnswered } from './answered.ts'
import { latencyOf } from './latencies.ts'
import { isStreamed, StreamAnswer } from './stream-answer.ts'
import { timePerOutputToken } from './metrics/time-per-output-token.ts'
import { timeToFirstToken } from './metrics/time-to-first-token.ts'

/** Goodput: ok requests within every limit of the SLO per second of the duration that `ok_rps` is over. */
export function goodputOf(measurement: Measurement, slo: Slo, durationMs: number): Estimate {
  if (durationMs <= 0) return unmeasured('nothing was sent')
  const within = countWithin(measurement, slo)
  return within.value === undefined ? within : measured(within.value / (durationMs / 1000))
}

/** Share of all requests that were ok within every limit of the SLO, 0 to 1. */
export function attainmentOf(measurement: Measurement, slo: Slo, requests: number): Estimate {
  if (requests === 0) return unmeasured('nothing was sent')
  const within = countWithin(measurement, slo)
  return within.value === undefined ? within : measured(within.value / requests)
}

function countWithin(measurement: Measurement, slo: Slo): Estimate {
  const streamed = slo.ttftMs !== undefined || slo.tpotMs !== undefined
  if (streamed) return countStreamsWithin(measurement, slo)
  const { e2eMs = Infinity } = slo
  let within = 0
  for (let row = 0; row < measurement.samples.length; row += 1) {
    if (isAnswered(measurement, row) && latencyOf(measurement, row) <= e2eMs) within += 1
  }
  return measured(within)
}

/**
 * An answer without content misses a limit on TTFT. One of a single token keeps any on TPOT, which it has none of; but
 * where tokens are not reported nothing can be said, and nothing is.
 */
function countStreamsWithin(
  measurement: Measurement,
  { e2eMs = Infinity, ttftMs = Infinity, tpotMs }: Slo,
): Estimate {
  if (!isStreamed(measurement)) return unmeasured('no streams were read; add --stream')
  const answers = new StreamAnswer(measurement, measurement.stream)
  let within = 0
  let ok = 0
  let withUsage = 0
  while (answers.next()) {
    if (!isAnswered(measurement, answers.row)) continue
    ok += 1
    if (answers.outputTokens !== undefined) withUsage += 1
    const ttft = timeToFirstToken.values(answers) ?? Infinity
    const tpot = timePerOutputToken.values(answers) ?? 0
    const late = latencyOf(measurement, answers.row) > e2eMs
    if (!late && ttft <= ttftMs && tpot <= (tpotMs ?? Infinity)) within += 1
  }
  if (tpotMs !== undefined && withUsage < ok) {
    return unmeasured(`${ok - withUsage} of ${ok} answers reported no usage, which TPOT needs`)
  }
  return measured(within)
}
