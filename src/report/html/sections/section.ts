import type { Endpoint } from '../../../model/endpoint.ts'
import type { Page } from '../../../model/page.ts'
import type { Drawing } from '../draw.ts'
import type { Html, Printable } from '../markup.ts'
import { html } from '../markup.ts'
import { seriesOf, type Series } from '../series.ts'

/** A part of the page with a heading of its own. */
export interface Section {
  /** The anchor; lower case with hyphens. */
  readonly id: string
  /** The heading, and the entry in the contents. */
  readonly title: string
  /** What stands below the heading; undefined where the page has nothing to say on it. */
  readonly render: (page: Page, drawing: Drawing) => Html | undefined
}

/** How the endpoint of that name is drawn. */
export function seriesNamed(page: Page, name: string): Series {
  const all = seriesOf(page.head.endpoints)
  const found = all.find(({ endpoint }) => endpoint === name)
  // A file may name an endpoint in its runs that its head does not know.
  const strange: Endpoint = { name, url: '', baseline: false }
  return found ?? (seriesOf([...page.head.endpoints, strange]).at(-1) as Series)
}

/** A chart with its title above and what to read from it below. */
export function figureMarkup(title: Printable, chart: Html, caption: Printable): Html {
  return html`<figure>
    <h3>${title}</h3>
    ${chart}
    <figcaption>${caption}</figcaption>
  </figure> `
}

/** Figures side by side where there is room. */
export function figureGrid(figures: readonly Html[]): Html {
  return html`<div class="figures">${figures}</div> `
}
