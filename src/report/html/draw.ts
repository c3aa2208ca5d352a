import { type Markish, plot, type PlotOptions } from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { html, Html } from './markup.ts'
import { svgMarkup } from './svg.ts'

/** Size and margins of every chart, in its own units; a page scales it. All the same, so that charts align. */
export const FRAME = {
  width: 480,
  height: 290,
  marginTop: 30,
  marginRight: 88,
  marginBottom: 48,
  marginLeft: 54,
} as const

export interface Chart {
  /** What a listener hears instead: what is drawn, and what can be seen in it. */
  readonly alternative: string
  readonly marks: readonly Markish[]
  readonly x: PlotOptions['x']
  readonly y: PlotOptions['y']
  /** Where the usual size does not do. */
  readonly frame?: Partial<Record<keyof typeof FRAME, number>>
}

/** Draws charts as markup: shapes only, no script, no style, nothing fetched. */
export class Drawing {
  private readonly document: unknown = parseHTML('<!doctype html><html><body></body></html>')
    .document

  draw({ alternative, marks, x, y, frame }: Chart): Html {
    const options = { ...FRAME, ...frame, x, y, marks: [...marks], className: 'chart' }
    const drawn = plot({ ...options, document: this.document } as PlotOptions)
    const { text } = svgMarkup(drawn)
    const named = html`<svg role="img" aria-label="${alternative}" `.text
    return new Html(text.replace(/^<svg /, () => named))
  }
}
