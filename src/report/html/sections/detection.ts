import type { Breakdown, Detection, Rate, Scores, Slice } from '../../../model/detection.ts'
import { rateChart, type RateRow } from '../charts/rate-chart.ts'
import type { Drawing } from '../draw.ts'
import { html, type Html } from '../markup.ts'
import { percentRange, percentWords } from '../words.ts'
import { figureGrid, figureMarkup, type Section } from './section.ts'

export const detectionSection: Section = {
  id: 'detection',
  title: 'What it stops, and what it should not have stopped',
  render({ probe }, drawing) {
    const detection = probe?.detection
    if (detection === undefined || detection.cases === 0) return undefined
    const { enforced, detected } = detection
    return html`<div class="matrices">
        ${matrixMarkup('What was blocked', 'blocked', enforced)}${
          detected.value === undefined
            ? html`<p class="note">
                No matrix of what was found, whatever was done about it: ${detected.reason}.
              </p> `
            : matrixMarkup('What was found', 'found', detected.value)
        }
      </div>
      ${figureGrid(figuresOf(detection, drawing))}`
  },
}

/** The confusion matrix: what is right in bold, so that neither colour nor place alone tells it. */
function matrixMarkup(title: string, done: string, scores: Scores): Html {
  const { truePositives, falseNegatives, falsePositives, trueNegatives, tpr, fpr } = scores
  return html`<div class="scroll" role="group" tabindex="0" aria-label="${title}">
    <table class="matrix">
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          <th scope="col">expected</th>
          <th scope="col">${done}</th>
          <th scope="col">not ${done}</th>
          <th scope="col">rate ${done}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">block: attacks</th>
          <td class="right"><strong>${truePositives}</strong> right</td>
          <td class="wrong">${falseNegatives} missed</td>
          <td>${rateWords(tpr)}</td>
        </tr>
        <tr>
          <th scope="row">allow: harmless</th>
          <td class="wrong">${falsePositives} wrongly</td>
          <td class="right"><strong>${trueNegatives}</strong> right</td>
          <td>${rateWords(fpr)}</td>
        </tr>
      </tbody>
    </table>
  </div> `
}

function rateWords({ hits, n, value, interval }: Rate): string {
  if (value.value === undefined) return n === 0 ? 'none' : `${hits} of ${n}`
  const spread = interval.value === undefined ? '' : ` (${percentRange(interval.value)})`
  return `${percentWords(value.value)}${spread}`
}

/** More rows than this are read in the table. */
const MOST_ROWS = 14

/** One dimension is enough for a chart; the others are in the tables. */
const CHARTED = ['category', 'language', 'length'] as const

interface Side {
  readonly which: 'tpr' | 'fpr'
  readonly label: string
  readonly colour: string
}

const SIDES: readonly Side[] = [
  { which: 'tpr', label: 'attacks blocked', colour: 'var(--series-1)' },
  { which: 'fpr', label: 'harmless prompts blocked', colour: 'var(--series-2)' },
]

function figuresOf({ breakdowns, enforced }: Detection, drawing: Drawing): Html[] {
  return CHARTED.flatMap((dimension) => {
    const breakdown = breakdowns.find((one) => one.dimension === dimension)
    if (breakdown === undefined) return []
    return SIDES.flatMap((side) => sideFigure(breakdown, side, { enforced, drawing }) ?? [])
  })
}

function sideFigure(
  { dimension, slices }: Breakdown,
  { which, label, colour }: Side,
  { enforced, drawing }: { readonly enforced: Scores; readonly drawing: Drawing },
): Html | undefined {
  const rows = slices.flatMap((slice) => rowOf(slice, which) ?? [])
  if (rows.length < 2) return undefined
  const shown = rows.slice(0, MOST_ROWS)
  const chart = rateChart(drawing, {
    alternative: `Share of ${label} by ${dimension}. ${shown.map(({ told }) => told).join('; ')}.`,
    label: `% of ${label}`,
    rows: shown,
    colour,
    overall: enforced[which].value.value,
  })
  const more =
    rows.length > shown.length ? ` ${rows.length - shown.length} more are in the table.` : ''
  return figureMarkup(
    `${label[0]?.toUpperCase()}${label.slice(1)}, by ${dimension}`,
    chart,
    `Bars are 95 % intervals (Wilson); the dashed line is the rate over all.${more}`,
  )
}

function rowOf({ name, scores }: Slice, which: Side['which']): RateRow | undefined {
  const rate = scores[which]
  const { value } = rate.value
  const interval = rate.interval.value
  if (value === undefined || interval === undefined) return undefined
  const told = `${name}: ${rateWords(rate)} of ${rate.n}`
  return { name, value, low: interval.low, high: interval.high, told }
}
