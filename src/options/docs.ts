import { EXIT_CODES } from '../model/exit-code.ts'
import { COMMANDS, type CommandRow } from './commands.ts'
import type { OptionRow } from './option-row.ts'
import { isRepeated } from './read-options.ts'

/** docs/cli.md, from the option table. */
export function renderCliDocs(): string {
  return [
    '# Command line',
    'Generated from the option table in `src/options/`; do not edit. `llmtrace-bench --help` prints the same.',
    ...COMMANDS.map((command) => renderCommand(command)),
    '## Exit codes',
    '| Code | Meaning |\n|---|---|\n' +
      Object.values(EXIT_CODES)
        .map(({ code, meaning }) => `| ${code} | ${meaning} |`)
        .join('\n'),
    '',
  ].join('\n\n')
}

function renderCommand({ name, operands, help, table }: CommandRow): string {
  const rows = Object.values(table)
  const groups = groupRows(rows)
  const sections = [...groups].map(
    ([group, members]) =>
      `### ${group}${name === '' ? '' : ` (${name})`}\n\n| Flag | Value | Default | Meaning |\n|---|---|---|---|\n${members
        .map((row) => renderRow(row))
        .join('\n')}`,
  )
  const words = ['llmtrace-bench', name, operands?.usage].filter(
    (word) => word !== undefined && word !== '',
  )
  const uses = (operands?.lines ?? []).map(([usage, meaning]) => cells([`\`${usage}\``, meaning]))
  const actions = uses.length === 0 ? [] : [['| Action | Meaning |\n|---|---|', ...uses].join('\n')]
  return [`## \`${words.join(' ')}\``, help, ...actions, ...sections].join('\n\n')
}

function groupRows(rows: readonly object[]): Map<string, object[]> {
  const groups = new Map<string, object[]>()
  for (const row of rows) {
    const { group } = row as OptionRow<unknown>
    groups.set(group, [...(groups.get(group) ?? []), row])
  }
  return groups
}

function renderRow(row: object): string {
  if (isRepeated(row)) return cells([`\`--${row.flag}\``, row.each.placeholder, '', row.help])
  const { flag, kind, default: fallback, env, help } = row as OptionRow<unknown>
  const printed = fallback == null || kind.placeholder === '' ? '' : kind.print(fallback)
  const meaning = env === undefined ? help : `${help} Also from \`${env}\`.`
  return cells([`\`--${flag}\``, kind.placeholder, printed === '' ? '' : `\`${printed}\``, meaning])
}

function cells(texts: readonly string[]): string {
  const escaped = texts.map((text) =>
    text
      .replaceAll('|', String.raw`\|`)
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;'),
  )
  return `| ${escaped.join(' | ')} |`
}
