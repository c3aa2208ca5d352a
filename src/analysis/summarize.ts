import type { Measurement } from '../model/measurement.ts'
import { OUTCOMES, type Outcome } from '../model/outcome.ts'
import type { Summary } from '../model/summary.ts'
import type { Slo } from '../model/budget.ts'
import { isRefused } from './answered.ts'
import { blockFigures, type PromptLabels } from './blocks.ts'
import { goodputOf } from './goodput.ts'
import { LevelView, type MetricInput } from './level-view.ts'
import { METRICS } from './metrics/index.ts'
import { openLoopFigures } from './open-loop-figures.ts'

/**
 * The numbers of one endpoint at one level, a block as what its status says, and what was blocked beside them. With an
 * SLO also what was delivered within it.
 */
export function summarize(measurement: Measurement, slo?: Slo, labels?: PromptLabels): Summary {
  const input = new LevelView(measurement).all()
  const blocks = blockFigures(measurement, labels)
  const metrics = Object.fromEntries(METRICS.map(({ name, compute }) => [name, compute(input)]))
  const { endpoint, url, level, samples, partial } = measurement
  return {
    endpoint,
    url,
    level,
    requests: input.requests,
    ok: input.ok,
    errors: input.errors,
    durationMs: input.durationMs,
    metrics: metrics as Summary['metrics'],
    ...countEnds(measurement),
    freshConnections: samples.reused.reduce((fresh, one) => fresh + (1 - one), 0),
    ...(level.rate === undefined ? {} : { openLoop: openLoopFigures(measurement) }),
    ...(slo === undefined
      ? {}
      : { goodput: goodputOf(measurement, slo, answeredOf(measurement).durationMs) }),
    ...(blocks === undefined ? {} : { blocks }),
    partial,
  }
}

/** What was not blocked. */
export function answeredOf(measurement: Measurement): MetricInput {
  return new LevelView(measurement, { leaveOut: (row) => isRefused(measurement, row) }).all()
}

function countEnds({ samples }: Measurement): Pick<Summary, 'outcomes' | 'statuses'> {
  const outcomes: Partial<Record<Outcome, number>> = {}
  const statuses: Record<string, number> = {}
  for (let row = 0; row < samples.length; row += 1) {
    const outcome = OUTCOMES[samples.outcome[row] ?? 0] ?? 'ok'
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    const status = samples.status[row] ?? 0
    if (status > 0) statuses[status] = (statuses[status] ?? 0) + 1
  }
  return { outcomes, statuses }
}
