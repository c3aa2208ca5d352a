import { axisY, dot, ruleX, ruleY } from '@observablehq/plot'
import { type Drawing, FRAME } from '../draw.ts'
import type { Html } from '../markup.ts'

export interface RateRow {
  readonly name: string
  /** 0 to 1. */
  readonly value: number
  readonly low: number
  readonly high: number
  readonly told: string
}

export interface RateChart {
  readonly alternative: string
  readonly label: string
  readonly rows: readonly RateRow[]
  readonly colour: string
  /** The rate over all, as an upright line. */
  readonly overall: number | undefined
}

const ROW = 26
/** No unit stands above this axis. */
const TOP = 10
const LONGEST = 14

/** Shares from 0 to 100 % with the bars of their intervals, a row each. */
export function rateChart(drawing: Drawing, chart: RateChart): Html {
  const { rows, colour, overall } = chart
  const percent = rows.map((row, index) => ({
    ...row,
    // Names may be equal once they are shortened, and then would share a row.
    row: String(index),
    value: row.value * 100,
    low: row.low * 100,
    high: row.high * 100,
  }))
  return drawing.draw({
    alternative: chart.alternative,
    frame: {
      height: TOP + FRAME.marginBottom + ROW * rows.length,
      marginTop: TOP,
      marginLeft: 140,
      marginRight: 20,
    },
    x: {
      domain: [0, 100],
      label: chart.label,
      grid: true,
      ticks: 5,
      tickSize: 0,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { type: 'point', domain: percent.map(({ row }) => row), label: null, padding: 0.6 },
    marks: [
      axisY({
        tickSize: 0,
        tickFormat: (row: string) => clipped(rows[Number(row)]?.name ?? ''),
      }),
      ...(overall === undefined
        ? []
        : [ruleX([overall * 100], { stroke: 'var(--muted)', strokeDasharray: '4 3' })]),
      ruleY(percent, { y: 'row', x1: 'low', x2: 'high', stroke: colour, strokeWidth: 2.5 }),
      dot(percent, { x: 'value', y: 'row', r: 5, fill: colour, stroke: colour, title: 'told' }),
    ],
  })
}

function clipped(name: string): string {
  const characters = Array.from(name)
  if (characters.length <= LONGEST) return name
  return `${characters.slice(0, LONGEST - 1).join('')}…`
}
