import type { Failures } from '../../../model/page.ts'
import { html } from '../markup.ts'
import { tableMarkup } from '../tables.ts'
import { levelWords, percentWords } from '../words.ts'
import type { Section } from './section.ts'

export const failuresSection: Section = {
  id: 'failures',
  title: 'What failed',
  render({ run }) {
    const failures = run?.failures ?? []
    if (failures.length === 0) return undefined
    const rows = failures.flatMap((one) =>
      kindsOf(one).map(([kind, count]) => [
        one.endpoint,
        levelWords(one.level),
        kind,
        count,
        one.requests === 0 ? 'n/a' : percentWords(count / one.requests),
      ]),
    )
    const examples = failures.flatMap((one) =>
      one.examples.map((example) => {
        const words =
          'outcome' in example
            ? [example.outcome, example.status, example.message]
            : [example.message]
        return html`<li>
          <span class="where">${one.endpoint}, ${levelWords(one.level)}</span>
          <code>${words.filter(Boolean).join(' ')}</code>
        </li> `
      }),
    )
    return html`<p>What is not ok is counted here, and is in no latency on this page.</p>
      ${tableMarkup({
        caption: 'Requests that were not ok',
        header: ['endpoint', 'level', 'how it ended', 'requests', 'share'],
        rows,
        left: 3,
      })}${
        examples.length === 0
          ? undefined
          : html`<h3>Examples</h3>
              <ul class="examples">
                ${examples}
              </ul> `
      }`
  },
}

function kindsOf({ outcomes }: Failures): [string, number][] {
  return Object.entries(outcomes).filter(([kind, count]) => kind !== 'ok' && count > 0)
}
