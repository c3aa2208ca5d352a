import { dot, ruleY, text } from '@observablehq/plot'
import type { Capacity } from '../../../model/capacity.ts'
import type { CapacityPart, Page } from '../../../model/page.ts'
import type { Drawing } from '../draw.ts'
import { html, type Html } from '../markup.ts'
import { percentWords, sloWords } from '../words.ts'
import { figureGrid, figureMarkup, type Section, seriesNamed } from './section.ts'

export const capacitySection: Section = {
  id: 'capacity',
  title: 'How much it can take',
  render(page, drawing) {
    const { capacity } = page
    if (capacity === undefined) return undefined
    const figures = capacity.capacities
      .filter(({ trials }) => trials.length > 0)
      .map((one) => endpointFigure(page, capacity, { one, drawing }))
    return html`<p>
        Each point is a trial: a rate of arrivals, and how many of its requests kept
        ${sloWords(capacity.slo)}. A filled point kept the goal, a hollow one did not. The capacity
        is the highest rate that kept it, tried twice.
      </p>
      ${figureGrid(figures)}`
  },
}

function endpointFigure(
  page: Page,
  { capacities, share, slo }: CapacityPart,
  { one, drawing }: { readonly one: Capacity; readonly drawing: Drawing },
): Html {
  const { endpoint, rate, trials } = one
  const { colour, symbol } = seriesNamed(page, endpoint)
  const most = Math.max(...capacities.flatMap((each) => each.trials.map((trial) => trial.rate)))
  const points = trials.flatMap((trial) => {
    const { value } = trial.attainment
    const kept = trial.passed ? 'kept' : 'not kept'
    const told = `${trial.rate.toFixed(1)} a second: ${value === undefined ? 'nothing sent' : percentWords(value)}, ${kept}`
    return value === undefined ? [] : [{ ...trial, percent: value * 100, told }]
  })
  const goal = `${percentWords(share)}: ${sloWords(slo)}`
  const chart = drawing.draw({
    alternative: `Share within the goal by rate, for ${endpoint}. ${points.map(({ told }) => told).join('; ')}.`,
    x: {
      domain: [0, most * 1.05],
      label: 'arrivals a second',
      ticks: 5,
      tickSize: 0,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { domain: [0, 104], label: '% within the goal', grid: true, ticks: 5, tickSize: 0 },
    marks: [
      ruleY([share * 100], { stroke: 'var(--limit)', strokeDasharray: '6 4', strokeWidth: 1.5 }),
      text([goal], {
        frameAnchor: 'left',
        y: [share * 100],
        dx: 4,
        dy: 12,
        textAnchor: 'start',
        fill: 'var(--limit)',
        fontWeight: 600,
      }),
      dot(points, {
        x: 'rate',
        y: 'percent',
        r: 5,
        symbol,
        fill: ({ passed }: { readonly passed: boolean }) => (passed ? colour : 'var(--paper)'),
        stroke: colour,
        strokeWidth: 2,
        title: 'told',
      }),
    ],
  })
  const found = rate.value === undefined ? rate.reason : `${rate.value.toFixed(1)} a second`
  return figureMarkup(endpoint, chart, `Capacity: ${found}.`)
}
