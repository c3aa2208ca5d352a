import type { Warning } from '../../../model/warning.ts'
import { html, type Html } from '../markup.ts'
import type { Section } from './section.ts'

export const warningsSection: Section = {
  id: 'warnings',
  title: 'What to doubt',
  render({ run }) {
    const warnings = run?.result.warnings ?? []
    if (warnings.length === 0) return undefined
    return html`<ul class="warnings">
      ${grouped(warnings).map((group) => groupMarkup(group))}
    </ul> `
  },
}

/** The same advice for several levels is given once. */
function grouped(warnings: readonly Warning[]): Warning[][] {
  const groups = new Map<string, Warning[]>()
  for (const warning of warnings) {
    const key = JSON.stringify([warning.code, warning.advice])
    groups.set(key, [...(groups.get(key) ?? []), warning])
  }
  return [...groups.values()]
}

function groupMarkup(group: readonly Warning[]): Html {
  const [first] = group
  const messages = group.map(
    ({ message }, index) =>
      html`<p>
        ${index === 0 ? html`<strong class="tag">${first?.code}</strong> ` : undefined}${message}.
      </p> `,
  )
  return html`<li>
    ${messages}
    <p class="advice"><strong>What to do:</strong> ${first?.advice}.</p>
  </li> `
}
