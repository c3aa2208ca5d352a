import { dot, line, ruleX, ruleY } from '@observablehq/plot'
import type { Drawing } from '../draw.ts'
import type { Html } from '../markup.ts'
import type { Series } from '../series.ts'
import { endLabels } from './labels.ts'
import { differenceScale } from './scale.ts'

export interface IntervalPoint {
  /** The level, as the axis has it. */
  readonly level: string
  readonly value: number
  readonly low: number | undefined
  readonly high: number | undefined
  /** For the pointer that rests on it. */
  readonly told: string
}

export interface IntervalChart {
  readonly alternative: string
  readonly levels: readonly string[]
  readonly levelLabel: string
  readonly valueLabel: string
  readonly lines: readonly { readonly series: Series; readonly points: readonly IntervalPoint[] }[]
  /** A limit that the values are held against. */
  readonly limit: { readonly value: number; readonly label: string } | undefined
  /** How far from 0 the baseline is from itself, by level. */
  readonly floor: readonly IntervalPoint[]
}

/** Distance between the points of two candidates at one level. */
const APART = 14

/** Differences by level: a point with the bar of its interval, the line of no difference, and the limit. */
export function intervalChart(drawing: Drawing, chart: IntervalChart): Html {
  const { lines, levels, limit, floor } = chart
  const points = [...lines.flatMap((one) => one.points), ...floor]
  const values = points.flatMap(({ value, low = value, high = value }) => [value, low, high])
  const scale = differenceScale([...values, ...(limit === undefined ? [] : [limit.value])])
  const named = lines.flatMap(({ series, points: own }) => {
    const last = own.at(-1)
    return last === undefined ? [] : [{ series, y: last.value }]
  })
  const limited =
    limit === undefined ? [] : [{ series: { label: limit.label, colour: LIMIT }, y: limit.value }]
  return drawing.draw({
    alternative: chart.alternative,
    x: { type: 'point', domain: [...levels], label: chart.levelLabel, padding: 0.4, tickSize: 0 },
    y: { domain: scale.domain, label: chart.valueLabel, grid: true, ticks: 5, tickSize: 0 },
    marks: [
      ruleX(floor, {
        x: 'level',
        y1: 'low',
        y2: 'high',
        stroke: 'var(--floor)',
        strokeWidth: 26,
      }),
      ruleY([0], { stroke: 'currentColor', strokeWidth: 1.2 }),
      ...(limit === undefined ? [] : [limitMark(limit)]),
      ...lines.flatMap((one, index) =>
        candidateMarks(one, (index - (lines.length - 1) / 2) * APART),
      ),
      ...endLabels([...named, ...limited], scale.place),
    ],
  })
}

const LIMIT = 'var(--limit)'

function limitMark({ value }: NonNullable<IntervalChart['limit']>) {
  return ruleY([value], { stroke: LIMIT, strokeDasharray: '6 4', strokeWidth: 1.5 })
}

function candidateMarks({ series, points }: IntervalChart['lines'][number], dx: number) {
  const { colour, symbol } = series
  const barred = points.filter(({ low, high }) => low !== undefined && high !== undefined)
  const hollow = (point: IntervalPoint) => (point.low === undefined ? 'var(--paper)' : colour)
  const cap = { x: 'level', stroke: colour, strokeWidth: 2, r: 4, symbol: CAP, dx }
  return [
    line(points, { x: 'level', y: 'value', stroke: colour, strokeOpacity: 0.35, dx }),
    ruleX(barred, { x: 'level', y1: 'low', y2: 'high', stroke: colour, strokeWidth: 2, dx }),
    dot(barred, { ...cap, y: 'low' }),
    dot(barred, { ...cap, y: 'high' }),
    dot(points, {
      x: 'level',
      y: 'value',
      r: 5,
      symbol,
      fill: hollow,
      stroke: colour,
      strokeWidth: 2,
      title: 'told',
      dx,
    }),
  ]
}

/** The end of a bar: a short level stroke, as a symbol of its own because a point of such an axis has no width. */
const CAP = {
  draw(context: PathContext, size: number) {
    const half = Math.sqrt(size / Math.PI)
    context.moveTo(-half, 0)
    context.lineTo(half, 0)
  },
}

interface PathContext {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
}
