import { ruleX } from '@observablehq/plot'
import type { LevelTimeline } from '../../../model/chart.ts'
import type { Page } from '../../../model/page.ts'
import { type ChartLine, lineChart } from '../charts/line-chart.ts'
import { latencyScale } from '../charts/scale.ts'
import type { Drawing } from '../draw.ts'
import { html } from '../markup.ts'
import { levelWords, msWords } from '../words.ts'
import { figureGrid, figureMarkup, type Section, seriesNamed } from './section.ts'

export const timelineSection: Section = {
  id: 'timeline',
  title: 'How latency went over time',
  render(page, drawing) {
    const timelines = page.run?.charts.timelines
    if (timelines === undefined) return undefined
    if (timelines.value === undefined) return html`<p>Not drawn: ${timelines.reason}.</p> `
    if (timelines.value.length === 0) return undefined
    return html`<p>
        A drift of the model moves both endpoints together and cancels in the difference; a step of
        one alone does not. The lines are p50 (solid) and p95 (thin, dotted) of stretches of equally
        many requests. Upright lines are where rounds began. A p95 of so few requests wavers: look
        at its course, not at a point.
      </p>
      ${figureGrid(timelines.value.map((one) => levelFigure(page, one, drawing)))}`
  },
}

/** More upright lines than this would be a hatching. */
const MOST_ROUNDS = 40

function seconds(ms: number): number {
  return ms / 1000
}

function levelFigure(page: Page, timeline: LevelTimeline, drawing: Drawing) {
  const { level, lengthMs, roundsAt, lines } = timeline
  const drawn = lines.flatMap((one): ChartLine[] => {
    const series = seriesNamed(page, one.endpoint)
    const p95 = one.bins.flatMap(({ atMs, p95: { value } }) =>
      value === undefined ? [] : [{ x: seconds(atMs), y: value }],
    )
    const p50 = one.bins.map(({ atMs, p50: y }) => ({ x: seconds(atMs), y }))
    return [
      { series, points: p50, label: series.label },
      { series, points: p95, label: `${series.label} p95`, minor: true },
    ]
  })
  const scale = latencyScale(drawn.flatMap(({ points }) => points.map(({ y }) => y)))
  const marked = roundsAt.length > 1 && roundsAt.length <= MOST_ROUNDS
  const chart = lineChart(drawing, {
    alternative: `Latency over time at ${levelWords(level)}. ${lines.map((one) => toldOf(one)).join('; ')}.`,
    x: { domain: [0, seconds(lengthMs) || 1], label: 'seconds', ticks: 5 },
    yLabel: scale.type === 'log' ? 'ms (logarithmic)' : 'ms',
    scale,
    dots: false,
    behind: marked
      ? [
          ruleX(
            roundsAt.slice(1).map((at) => seconds(at)),
            { stroke: 'var(--grid)' },
          ),
        ]
      : [],
    lines: drawn,
  })
  const rounds = `${roundsAt.length} round${roundsAt.length === 1 ? '' : 's'}`
  const note = marked || roundsAt.length === 1 ? '' : ', too many to mark'
  return figureMarkup(`At ${levelWords(level)}`, chart, `${rounds}${note}.`)
}

function toldOf({ endpoint, bins }: LevelTimeline['lines'][number]): string {
  const medians = bins.map(({ p50 }) => p50)
  if (medians.length === 0) return `${endpoint}: no request was ok`
  const [first] = medians
  const range = `between ${msWords(Math.min(...medians))} and ${msWords(Math.max(...medians))}`
  return `${endpoint}: p50 ${range}, from ${msWords(first ?? 0)} to ${msWords(medians.at(-1) ?? 0)}`
}
