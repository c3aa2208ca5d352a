import { BUDGET_METRICS, type BudgetMetric, type BudgetVerdict } from '../../../model/budget.ts'
import type { Page, RunPart } from '../../../model/page.ts'
import type { Overhead, OverheadRow } from '../../../model/summary.ts'
import { intervalChart, type IntervalPoint } from '../charts/interval-chart.ts'
import { intervalPoint } from '../charts/interval-point.ts'
import type { Drawing } from '../draw.ts'
import { html, type Html } from '../markup.ts'
import { figureGrid, figureMarkup, type Section, seriesNamed } from './section.ts'
import { levelAxis, levelTick, levelsOf } from '../level-axis.ts'

export const overheadSection: Section = {
  id: 'overhead',
  title: 'What it adds, level by level',
  render(page, drawing) {
    const { run } = page
    if (run === undefined) return undefined
    const metrics = [...new Set([run.primaryMetric, ...BUDGET_METRICS])]
    const figures = metrics.flatMap((metric) => metricFigure(page, run, { metric, drawing }) ?? [])
    if (figures.length === 0) return undefined
    return html`<p>
        Each point is the difference of that figure, candidate minus baseline; above 0 is slower.
        The bar is its 95 % interval: where it crosses the line at 0, the run does not tell the
        difference from none. A hollow point has no interval.${floorNote(run)}
      </p>
      ${figureGrid(figures)}`
  },
}

function floorNote({ result }: RunPart): string {
  return result.overheads.some(({ control }) => control)
    ? ' The grey band is the baseline against itself, which no difference should leave by chance alone.'
    : ''
}

interface MetricChart {
  readonly metric: BudgetMetric
  readonly drawing: Drawing
}

function metricFigure(page: Page, run: RunPart, { metric, drawing }: MetricChart) {
  const compared = run.result.overheads
  const names = [...new Set(compared.filter((one) => !one.control).map((one) => one.candidate))]
  const lines = names.map((name) => ({
    series: seriesNamed(page, name),
    points: compared
      .filter((one) => !one.control && one.candidate === name)
      .flatMap((one) => pointOf(one, metric) ?? []),
  }))
  const all = lines.flatMap(({ points }) => points)
  if (all.length === 0) return undefined
  const levels = levelsOf(compared)
  const baseline = compared[0]?.baseline ?? ''
  const limit = limitOf(run.result.budgets, metric)
  const told = all.map((point) => point.told).join('; ')
  const chart = intervalChart(drawing, {
    alternative: `Difference of ${metric} to ${baseline} by ${levelAxis(levels)}. ${told}.${limit === undefined ? '' : ` ${limit.label}.`}`,
    levels: levels.map((level) => levelTick(level)),
    levelLabel: levelAxis(levels),
    valueLabel: 'ms',
    lines,
    limit,
    floor: compared
      .filter(({ control }) => control)
      .flatMap((one) => pointOf(one, metric) ?? [])
      .filter(({ low }) => low !== undefined),
  })
  return figureMarkup(`Added to ${metric}`, chart, captionOf(compared, metric))
}

function pointOf(overhead: Overhead, metric: BudgetMetric): IntervalPoint | undefined {
  const row = rowOf(overhead, metric)
  return row === undefined ? undefined : intervalPoint(overhead, row)
}

function rowOf({ rows }: Overhead, metric: BudgetMetric): OverheadRow | undefined {
  return rows.find((row) => row.metric === metric)
}

/** Only a budget in ms is a line; a share of the baseline is another height at each level. */
function limitOf(budgets: readonly BudgetVerdict[], metric: BudgetMetric) {
  const found = budgets.find(
    ({ budget, unit }) => unit === 'ms' && budget.startsWith(`--max-overhead ${metric}=`),
  )
  return found && { value: found.limit, label: `limit ${Number(found.limit.toFixed(2))}\u00A0ms` }
}

/** Why points or bars are missing. */
function captionOf(overheads: readonly Overhead[], metric: BudgetMetric): Html {
  const rows = overheads.filter(({ control }) => !control).map((one) => rowOf(one, metric))
  const missing = rows.flatMap((row) =>
    row?.delta.reason === undefined ? [] : [`not compared: ${row.delta.reason} ok requests`],
  )
  const bare = rows.flatMap((row) =>
    row?.delta.value === undefined || row.interval.reason === undefined
      ? []
      : [`no interval: ${row.interval.reason}`],
  )
  const reasons = [...new Set([...missing, ...bare])]
  return html`Difference of the two ${metric}
  figures.${reasons.length === 0 ? '' : ` Some is missing: ${reasons.join('; ')}.`}`
}
