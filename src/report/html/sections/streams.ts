import type { Page } from '../../../model/page.ts'
import type {
  StreamMetricName,
  StreamOverhead,
  StreamStatistic,
} from '../../../model/stream-result.ts'
import { intervalChart } from '../charts/interval-chart.ts'
import { intervalPoint } from '../charts/interval-point.ts'
import type { Drawing } from '../draw.ts'
import { levelAxis, levelsOf, levelTick } from '../level-axis.ts'
import { html, type Html } from '../markup.ts'
import { figureGrid, figureMarkup, type Section, seriesNamed } from './section.ts'

export const streamsSection: Section = {
  id: 'streams',
  title: 'What it adds to streams',
  render(page, drawing) {
    const overheads = page.run?.result.streams?.overheads.filter(({ control }) => !control) ?? []
    const figures = CHARTED.flatMap(
      (charted) => metricFigure(page, overheads, { charted, drawing }) ?? [],
    )
    if (figures.length === 0) return undefined
    return html`<p>
        What is felt of a streamed answer: how long until its first token, and how long between the
        pieces after it. As above, each point is a difference to the baseline with its 95 %
        interval.
      </p>
      ${figureGrid(figures)}`
  },
}

interface Charted {
  readonly metric: StreamMetricName
  readonly statistic: StreamStatistic
  readonly meaning: string
}

const CHARTED: readonly Charted[] = [
  { metric: 'ttft', statistic: 'p50', meaning: 'time to first token' },
  { metric: 'ttft', statistic: 'p95', meaning: 'time to first token' },
  { metric: 'icl', statistic: 'p95', meaning: 'gap between two chunks; a chunk is not a token' },
  { metric: 'tpot', statistic: 'p50', meaning: 'time per further output token, by reported usage' },
]

function metricFigure(
  page: Page,
  overheads: readonly StreamOverhead[],
  { charted, drawing }: { readonly charted: Charted; readonly drawing: Drawing },
): Html | undefined {
  const { metric, statistic, meaning } = charted
  const names = [...new Set(overheads.map(({ candidate }) => candidate))]
  const lines = names.map((name) => ({
    series: seriesNamed(page, name),
    points: overheads
      .filter(({ candidate }) => candidate === name)
      .flatMap((one) => {
        const found = one.comparisons.find((each) => each.metric === metric)
        const row = found?.rows.find((each) => each.metric === statistic)
        return row === undefined ? [] : (intervalPoint(one, row) ?? [])
      }),
  }))
  const points = lines.flatMap((one) => one.points)
  if (points.length === 0) return undefined
  const levels = levelsOf(overheads)
  const name = `${metric} ${statistic}`
  const chart = intervalChart(drawing, {
    alternative: `Difference of ${name} to ${overheads[0]?.baseline} by ${levelAxis(levels)}. ${points.map(({ told }) => told).join('; ')}.`,
    levels: levels.map((level) => levelTick(level)),
    levelLabel: levelAxis(levels),
    valueLabel: 'ms',
    lines,
    limit: undefined,
    floor: [],
  })
  return figureMarkup(`Added to ${name}`, chart, `${metric}: ${meaning}.`)
}
