import { BUDGET_METRICS } from '../../../model/budget.ts'
import type { Estimate } from '../../../model/estimate.ts'
import type { Page, RunPart } from '../../../model/page.ts'
import type { Summary } from '../../../model/summary.ts'
import { type ChartLine, lineChart } from '../charts/line-chart.ts'
import { amountScale, latencyScale } from '../charts/scale.ts'
import type { Drawing } from '../draw.ts'
import { html } from '../markup.ts'
import { levelWords, sloWords } from '../words.ts'
import { figureGrid, figureMarkup, type Section, seriesNamed } from './section.ts'
import { levelAxis, levelTick, levelsOf } from '../level-axis.ts'

interface Figure {
  readonly title: string
  readonly unit: string
  readonly caption: string
  readonly read: (summary: Summary) => Estimate | undefined
  readonly scale: typeof amountScale
}

export const loadSection: Section = {
  id: 'load',
  title: 'Throughput and latency by load',
  render(page, drawing) {
    const { run } = page
    if (run === undefined || run.result.summaries.length === 0) return undefined
    const figures = figuresOf(run).flatMap((figure) => draw(page, figure, drawing) ?? [])
    return figures.length === 0 ? undefined : figureGrid(figures)
  },
}

function figuresOf({ slo, primaryMetric }: RunPart): Figure[] {
  const goodput: Figure = {
    title: 'Goodput',
    unit: 'a second',
    caption: `Ok requests a second that kept ${slo === undefined ? 'the SLO' : sloWords(slo)}.`,
    read: (summary) => summary.goodput,
    scale: amountScale,
  }
  const second = primaryMetric === 'p50' ? 'p95' : 'p50'
  return [
    {
      title: 'Throughput',
      unit: 'ok a second',
      caption: 'Ok requests a second, from the first send to the last end of each round.',
      read: ({ metrics }) => metrics.ok_rps,
      scale: amountScale,
    },
    ...(slo === undefined ? [] : [goodput]),
    ...BUDGET_METRICS.filter((metric) => metric === primaryMetric || metric === second)
      .toReversed()
      .map((metric) => ({
        title: `Latency, ${metric}`,
        unit: 'ms',
        caption: `${metric} of the ok requests.`,
        read: ({ metrics }: Summary) => metrics[metric],
        scale: latencyScale,
      })),
  ]
}

function draw(page: Page, { title, unit, caption, read, scale }: Figure, drawing: Drawing) {
  const { summaries } = page.run?.result ?? { summaries: [] }
  const levels = levelsOf(summaries)
  const endpoints = [...new Set(summaries.map(({ endpoint }) => endpoint))]
  const lines: ChartLine[] = endpoints.map((endpoint) => ({
    series: seriesNamed(page, endpoint),
    points: summaries
      .filter((one) => one.endpoint === endpoint)
      .flatMap((summary) => {
        const value = read(summary)?.value
        const told = `${endpoint} at ${levelWords(summary.level)}: ${value?.toFixed(1)} ${unit}`
        return value === undefined ? [] : [{ x: levelTick(summary.level), y: value, told }]
      }),
  }))
  const points = lines.flatMap((one) => one.points)
  if (points.length === 0) return undefined
  const chart = lineChart(drawing, {
    alternative: `${title} by ${levelAxis(levels)}. ${points.map(({ told }) => told).join('; ')}.`,
    x: {
      type: 'point',
      domain: levels.map((level) => levelTick(level)),
      label: levelAxis(levels),
      padding: 0.4,
    },
    yLabel: unit,
    scale: scale(points.map(({ y }) => y)),
    dots: true,
    lines,
  })
  return figureMarkup(title, chart, html`${caption}`)
}
