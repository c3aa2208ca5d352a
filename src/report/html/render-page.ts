import type { Page } from '../../model/page.ts'
import { type Answer } from './answers/answer.ts'
import { capacityAnswer } from './answers/capacity-answer.ts'
import { probeAnswer } from './answers/probe-answer.ts'
import { runAnswer } from './answers/run-answer.ts'
import { Drawing } from './draw.ts'
import { html, Html } from './markup.ts'
import { SECTIONS } from './sections/index.ts'
import { STYLE } from './style.ts'

/** In one piece: its hash is of all that stands between the tags, to the last space. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`)

/**
 * The page as one file: nothing is fetched and nothing runs. The policy names the one style by its hash, so that not
 * even markup that got in could change how the page looks or call anything.
 */
export async function renderPage(page: Page): Promise<string> {
  const answer = answerOf(page)
  const drawing = new Drawing()
  const sections = SECTIONS.flatMap(({ id, title, render }) => {
    const body = render(page, drawing)
    return body === undefined ? [] : [{ id, title, body }]
  })
  const policy = `default-src 'none'; style-src '${await hashOf(STYLE)}'; img-src data:; base-uri 'none'; form-action 'none'`
  const whole = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="generator" content="${page.head.tool.name} ${page.head.tool.version}" />
        <title>${answer.title}</title>
        <link rel="icon" href="data:," />
        ${STYLE_ELEMENT}
      </head>
      <body>
        <a class="skip" href="#content">To the content</a>
        ${headerMarkup(page, answer, sections)}
        <main id="content">
          ${sections.map(
            ({ id, title, body }) =>
              html`<section id="${id}" aria-labelledby="${id}-heading">
                <h2 id="${id}-heading">${title}</h2>
                ${body}
              </section> `,
          )}
        </main>
        <footer>
          <p>
            Written by ${page.head.tool.name} ${page.head.tool.version}. This file is whole: it
            loads nothing, and runs nothing.
          </p>
        </footer>
      </body>
    </html>`
  return `${whole.text}\n`
}

function answerOf(page: Page): Answer {
  if (page.run !== undefined) return runAnswer(page, page.run)
  if (page.capacity !== undefined) return capacityAnswer(page.capacity)
  if (page.probe !== undefined) return probeAnswer(page.probe)
  return {
    title: 'Nothing was measured',
    sentence: 'Nothing was measured.',
    further: [],
    table: undefined,
  }
}

function headerMarkup(
  { head, run, capacity }: Page,
  answer: Answer,
  sections: readonly { readonly id: string; readonly title: string }[],
): Html {
  const kind = run === undefined ? (capacity === undefined ? 'Probe' : 'Capacity') : 'Load test'
  const further = answer.further.map((one) => html`<li>${one}</li> `)
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li> `)
  return html`<header>
    <p class="eyebrow">
      ${kind} of ${head.spec.model} ·
      <time datetime="${head.startedAt}">${shortTime(head.startedAt)}</time>
    </p>
    <h1>${answer.sentence}</h1>
    ${
      further.length === 0
        ? undefined
        : html`<ul class="further">
            ${further}
          </ul> `
    }${answer.table}
    <nav aria-label="Contents">
      <ol>
        ${links}
      </ol>
    </nav>
  </header> `
}

/** `2026-11-24 12:00 UTC`; another form of time as it is. */
function shortTime(startedAt: string): string {
  const [, day, minute] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/.exec(startedAt) ?? []
  return day === undefined ? startedAt : `${day} ${minute} UTC`
}

/** As a policy names it: SHA-256 in base64. */
async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `sha256-${btoa(String.fromCodePoint(...new Uint8Array(digest)))}`
}
