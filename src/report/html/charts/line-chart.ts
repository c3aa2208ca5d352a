import { dot, line, type Markish, type PlotOptions } from '@observablehq/plot'
import type { Drawing } from '../draw.ts'
import type { Html } from '../markup.ts'
import type { Series } from '../series.ts'
import { endLabels } from './labels.ts'
import type { YScale } from './scale.ts'

export interface ChartLine {
  readonly series: Series
  readonly points: readonly LinePoint[]
  /** Where several lines are of one endpoint: the name at the end, and a thinner stroke for the lesser. */
  readonly label?: string
  readonly minor?: boolean
}

export interface LinePoint {
  readonly x: number | string
  readonly y: number
  readonly told?: string
}

export interface LineChart {
  readonly alternative: string
  readonly x: NonNullable<PlotOptions['x']>
  readonly yLabel: string
  readonly scale: YScale
  readonly lines: readonly ChartLine[]
  readonly dots: boolean
  /** Behind the lines. */
  readonly behind?: readonly Markish[]
}

/** Lines with their names at their ends. */
export function lineChart(drawing: Drawing, chart: LineChart): Html {
  const { scale, lines, dots } = chart
  const shown = lines.filter(({ points }) => points.length > 0)
  return drawing.draw({
    alternative: chart.alternative,
    x: { tickSize: 0, labelAnchor: 'center', labelArrow: 'none', ...chart.x },
    y: {
      type: scale.type,
      domain: scale.domain,
      label: chart.yLabel,
      grid: true,
      ticks: 5,
      tickSize: 0,
    },
    marks: [
      ...(chart.behind ?? []),
      ...shown.flatMap((one) => lineMarks(one, dots || one.points.length === 1)),
      ...endLabels(
        shown.flatMap(({ series, label, points }) => {
          const last = points.at(-1)
          const named = { label: label ?? series.label, colour: series.colour }
          return last === undefined ? [] : [{ series: named, y: last.y }]
        }),
        scale.place,
      ),
    ],
  })
}

function lineMarks({ series, points, minor }: ChartLine, dots: boolean): Markish[] {
  const { colour, dash, symbol } = series
  const stroke = line(points, {
    x: 'x',
    y: 'y',
    stroke: colour,
    strokeWidth: minor === true ? 1.2 : 2,
    ...(dash === undefined && minor !== true ? {} : { strokeDasharray: dash ?? '2 3' }),
  })
  if (!dots) return [stroke]
  return [
    stroke,
    dot(points, { x: 'x', y: 'y', r: 4, symbol, fill: colour, stroke: colour, title: 'told' }),
  ]
}
