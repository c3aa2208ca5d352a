import type { OptionRow, RepeatedRow } from './option-row.ts'
import { isRepeated } from './read-options.ts'
import { RUN_OPTIONS } from './run-options.ts'

const WIDTH = 100

/**
 * A config file with every option commented out, its help above it and its default as its value. `schema` is where
 * editors find what each may be.
 */
export function renderConfigTemplate(schema: string): string {
  const rows = (Object.values(RUN_OPTIONS) as (OptionRow<unknown> | RepeatedRow<unknown>)[]).filter(
    ({ inFile }) => inFile !== 'never',
  )
  const groups = [...new Set(rows.map(({ group }) => group))]
  const sections = groups.map((group) => {
    const members = rows.filter((row) => row.group === group)
    return [`# ---- ${group} ----`, ...members.map((row) => describe(row))].join('\n\n')
  })
  return [
    [
      `# yaml-language-server: $schema=${schema}`,
      '# Options of llmtrace-bench: keys are the flags of llmtrace-bench --help. A flag wins over the',
      '# environment, the environment over this file. Take the # before a key away to set it.',
      '# Secrets are written as the names of environment variables, such as ${LLMTRACE_TOKEN}.',
    ].join('\n'),
    ...sections,
    '',
  ].join('\n\n')
}

function describe(row: OptionRow<unknown> | RepeatedRow<unknown>): string {
  const note = row.inFile === 'named' ? ' Only in a file that --config names.' : ''
  return [...wrapped(`${row.help}${note}`), `#${row.flag}: ${valueOf(row)}`.trimEnd()].join('\n')
}

/** The default as YAML; empty where there is none. */
function valueOf(row: OptionRow<unknown> | RepeatedRow<unknown>): string {
  if (isRepeated(row)) return '[]'
  const { default: fallback, kind } = row
  if (fallback == null) return ''
  if (Array.isArray(fallback) && fallback.length === 0) return '[]'
  const printed = kind.print(fallback)
  // JSON is YAML: a text in quotes is no number and holds no key.
  return typeof fallback === 'boolean' || printed === String(Number(printed))
    ? printed
    : JSON.stringify(printed)
}

function wrapped(text: string): string[] {
  const lines: string[] = []
  let line = '#'
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = '#'
    }
    line += ` ${word}`
  }
  return [...lines, line]
}
