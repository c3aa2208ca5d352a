import { text } from '@observablehq/plot'
import type { Series } from '../series.ts'

export interface EndLabel {
  readonly series: Pick<Series, 'label' | 'colour'>
  /** Where the line ends, in the units of the axis. */
  readonly y: number
}

/** Lines of text need this much room, in the chart's units. */
const LINE = 16

/**
 * A name in the right margin, at the height of each line's end, moved apart where lines end close to each other. `place`
 * gives the pixel of a value of the y axis.
 */
export function endLabels(labels: readonly EndLabel[], place: (y: number) => number) {
  const ordered = labels.toSorted((one, other) => place(one.y) - place(other.y))
  let free = Number.NEGATIVE_INFINITY
  const placed = ordered.map((label) => {
    const wanted = place(label.y)
    const at = Math.max(wanted, free)
    free = at + LINE
    return { label, shift: at - wanted }
  })
  // Pushed down only: half of the push is given back, so that a crowd stays around its lines.
  const back = placed.length === 0 ? 0 : (placed.at(-1)?.shift ?? 0) / 2
  return placed.map(({ label: { series, y }, shift }) =>
    text([series.label], {
      frameAnchor: 'right',
      y: [y],
      dx: 9,
      dy: shift - back,
      textAnchor: 'start',
      fill: series.colour,
      fontWeight: 600,
    }),
  )
}
