import { ruleX } from '@observablehq/plot'
import type { LatencyDistribution } from '../../../model/chart.ts'
import { type Level, sameLevel } from '../../../model/level.ts'
import type { Page } from '../../../model/page.ts'
import { lineChart } from '../charts/line-chart.ts'
import { latencyScale } from '../charts/scale.ts'
import type { Drawing } from '../draw.ts'
import { html } from '../markup.ts'
import { levelWords, msWords } from '../words.ts'
import { figureGrid, figureMarkup, type Section, seriesNamed } from './section.ts'
import { levelsOf } from '../level-axis.ts'

export const distributionSection: Section = {
  id: 'distribution',
  title: 'How latency is distributed',
  render(page, drawing) {
    const all = page.run?.charts.distributions ?? []
    if (all.length === 0) return undefined
    const levels = levelsOf(all)
    return html`<p>
        The empirical distribution (ECDF) of all ok requests, on its side: above each percentage
        stands the latency that so many requests kept. To the right the scale stretches, each step
        being ten times rarer. The height between two lines is the overhead at that percentile.
      </p>
      ${figureGrid(levels.map((level) => levelFigure(page, level, drawing)))}`
  },
}

const TICKS = [0, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999, 0.999999]

/** With so many nines on the axis these would touch their neighbours on a telephone. */
const CROWDED_FROM = 3.5
const CLOSE = [0, 0.95]

/** Where a share lies on the axis: 0, then a step for each further nine. */
function stretched(share: number): number {
  return -Math.log10(1 - share)
}

function levelFigure(page: Page, level: Level, drawing: Drawing) {
  const curves = (page.run?.charts.distributions ?? []).filter((one) => sameLevel(one.level, level))
  const points = curves.flatMap((curve) => curve.points)
  const scale = latencyScale(points.map(({ ms }) => ms))
  const end = stretched(Math.max(...points.map(({ share }) => share)))
  const crowded = end > CROWDED_FROM
  const ticks = TICKS.filter(
    (share) => stretched(share) <= end && !(crowded && CLOSE.includes(share)),
  )
  const chart = lineChart(drawing, {
    alternative: `Latency by percentile at ${levelWords(level)}. ${curves.map((one) => toldOf(one)).join('; ')}.`,
    x: {
      domain: [0, end],
      label: 'percent of requests',
      ticks: ticks.map((share) => stretched(share)),
      tickFormat: (at: number) => nameOf(1 - 10 ** -at),
    },
    yLabel: scale.type === 'log' ? 'ms (logarithmic)' : 'ms',
    scale,
    dots: false,
    behind: [
      ruleX(
        ticks.filter((share) => share > 0).map((share) => stretched(share)),
        { stroke: 'var(--grid)' },
      ),
    ],
    lines: curves.map((curve) => ({
      series: seriesNamed(page, curve.endpoint),
      points: curve.points.map(({ share, ms }) => ({ x: stretched(share), y: ms })),
    })),
  })
  const counts = curves.map(({ endpoint, count }) => `${endpoint} ${count}`).join(', ')
  return figureMarkup(`At ${levelWords(level)}`, chart, `Requests: ${counts}.`)
}

function nameOf(share: number): string {
  return String(Number((share * 100).toFixed(4)))
}

function toldOf({ endpoint, points }: LatencyDistribution): string {
  const at = (share: number) => points.findLast((point) => point.share <= share) ?? points[0]
  const half = at(0.5)
  const most = points.at(-1)
  return `${endpoint}: half within ${msWords(half?.ms ?? 0)}, the slowest ${msWords(most?.ms ?? 0)}`
}
