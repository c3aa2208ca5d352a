import type { Slo } from '../model/budget.ts'
import type { Capacity } from '../model/capacity.ts'
import { formatEstimate } from './format.ts'
import { sloText } from './slo-text.ts'
import { markdownTable } from './markdown-table.ts'

/** `e2e <= 200 ms for 99% of requests`. */
export function capacityGoal(slo: Slo, share: number): string {
  return `${sloText(slo)} for ${Number((share * 100).toFixed(4))}% of requests`
}

const HEADER = ['endpoint', 'capacity', 'ratio', 'within SLO', 'fails at', 'trials']

/** The highest rate of each endpoint that keeps the SLO, the first being the baseline. Ends in a line break. */
export function capacityTable(capacities: readonly Capacity[], slo: string): string {
  const [baseline] = capacities
  const rows = capacities.map(({ endpoint, rate, failingRate, trials }) => {
    const kept = trials.findLast((trial) => trial.passed && trial.rate === rate.value)
    return [
      endpoint,
      rate.value === undefined ? 'n/a' : perSecond(rate.value),
      ratioTo(baseline?.rate.value, rate.value),
      kept === undefined ? 'n/a' : formatEstimate(kept.attainment, 'ratio'),
      failingRate === undefined ? 'n/a' : perSecond(failingRate),
      String(trials.length),
    ]
  })
  const notes = capacities.flatMap(({ endpoint, rate, limitedByClient }) => [
    ...(rate.reason === undefined ? [] : [`${endpoint}: ${rate.reason}.\n`]),
    ...(limitedByClient
      ? [
          `${endpoint}: the client was late itself at the failing rate; the endpoint may do more. Try: --client-workers 2.\n`,
        ]
      : []),
  ])
  const table = markdownTable(HEADER, rows)
  return `## Capacity (${slo})\n${table}\n${notes.length === 0 ? '' : `\n${notes.join('')}`}`
}

function perSecond(rate: number): string {
  return `${rate.toFixed(rate < 10 ? 2 : 1)}/s`
}

function ratioTo(baseline: number | undefined, value: number | undefined): string {
  return baseline === undefined || value === undefined ? 'n/a' : (value / baseline).toFixed(2)
}
