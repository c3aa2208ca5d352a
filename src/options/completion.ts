import { COMMANDS, type CommandRow } from './commands.ts'
import type { Kind } from './kinds.ts'
import type { OptionRow, RepeatedRow } from './option-row.ts'
import { isRepeated } from './read-options.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof SHELLS)[number]

const PROGRAM = 'llmtrace-bench'

/** What may follow a flag: nothing, one of some words, a file, or something that nobody can guess. */
type Follows = 'nothing' | 'file' | 'anything' | readonly string[]

interface CompletedFlag {
  readonly flag: string
  readonly follows: Follows
  readonly help: string
}

/** A script that a shell reads once; from then on it completes commands, flags and their values. */
export function renderCompletion(shell: Shell): string {
  return shell === 'fish' ? fishScript() : bashScript(shell)
}

function flagsOf({ table }: CommandRow): CompletedFlag[] {
  const rows = Object.values(table) as (OptionRow<unknown> | RepeatedRow<unknown>)[]
  const own = rows.map((row): CompletedFlag => {
    const { flag, help } = row
    return { flag, help, follows: followsOf(isRepeated(row) ? row.each : row.kind) }
  })
  return [...own, { flag: 'help', help: 'Show this help.', follows: 'nothing' }]
}

function followsOf({
  placeholder,
  schema,
}: Pick<Kind<unknown>, 'placeholder' | 'schema'>): Follows {
  if (placeholder === '') return 'nothing'
  const choices = schema?.['enum']
  if (Array.isArray(choices)) return choices.map(String)
  return placeholder === '<file>' ? 'file' : 'anything'
}

/** The words that a command takes first: its actions, by the first word of each usage. */
function actionsOf({ operands }: CommandRow): string[] {
  return [...new Set((operands?.lines ?? []).map(([usage]) => usage.split(' ')[0] ?? ''))]
}

const NAMES = COMMANDS.map(({ name }) => name).filter((name) => name !== '')

/** zsh runs the same function, by its emulation of bash's completion. */
function bashScript(shell: 'bash' | 'zsh'): string {
  const before =
    shell === 'bash'
      ? [`# Completion of ${PROGRAM} for bash.`]
      : [
          `#compdef ${PROGRAM}`,
          `# Completion of ${PROGRAM} for zsh.`,
          '(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }',
          'autoload -Uz bashcompinit && bashcompinit',
        ]
  return [
    ...before,
    '_llmtrace_bench() {',
    '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" command="" words=""',
    // bash takes the = of --flag=value for a word.
    '  if [[ $prev == "=" ]]; then prev="${COMP_WORDS[COMP_CWORD-2]}"; fi',
    '  if [[ $cur == "=" ]]; then cur=""; fi',
    '  COMPREPLY=()',
    `  case "\${COMP_WORDS[1]}" in ${NAMES.join('|')}) command="\${COMP_WORDS[1]}" ;; esac`,
    '  if (( COMP_CWORD == 1 )); then command=""; fi',
    '  case "$command $prev" in',
    ...COMMANDS.flatMap((command) => valueCases(command)),
    '  esac',
    '  case "$command" in',
    ...COMMANDS.map((command) => `    "${command.name}") words="${wordsOf(command)}" ;;`),
    '  esac',
    '  COMPREPLY=( $(compgen -W "$words" -- "$cur") )',
    '  if (( ${#COMPREPLY[@]} == 0 )) && [[ $command != "" ]]; then',
    '    COMPREPLY=( $(compgen -f -- "$cur") )',
    '  fi',
    '}',
    `complete -o nosort -F _llmtrace_bench ${PROGRAM} 2>/dev/null || complete -F _llmtrace_bench ${PROGRAM}`,
    '',
  ].join('\n')
}

function valueCases(command: CommandRow): string[] {
  const flags = flagsOf(command).filter(({ follows }) => follows !== 'nothing')
  const pattern = (some: readonly CompletedFlag[]) =>
    some.map(({ flag }) => `"${command.name} --${flag}"`).join('|')
  const files = flags.filter(({ follows }) => follows === 'file')
  const others = flags.filter(({ follows }) => follows === 'anything')
  return [
    ...flags.flatMap((one) =>
      typeof one.follows === 'string'
        ? []
        : [
            `    ${pattern([one])}) COMPREPLY=( $(compgen -W "${one.follows.join(' ')}" -- "$cur") ); return ;;`,
          ],
    ),
    ...(files.length === 0
      ? []
      : [`    ${pattern(files)}) COMPREPLY=( $(compgen -f -- "$cur") ); return ;;`]),
    ...(others.length === 0 ? [] : [`    ${pattern(others)}) return ;;`]),
  ]
}

function wordsOf(command: CommandRow): string {
  const flags = flagsOf(command).map(({ flag }) => `--${flag}`)
  const first = command.name === '' ? [...NAMES, '--version'] : actionsOf(command)
  return [...first, ...flags].join(' ')
}

function fishScript(): string {
  const started = `__fish_seen_subcommand_from ${NAMES.join(' ')}`
  const line = (condition: string, rest: string, help: string) =>
    `complete -c ${PROGRAM} -n '${condition}' ${rest} -d '${escapeFish(help)}'`
  return [
    `# Completion of ${PROGRAM} for fish.`,
    `complete -c ${PROGRAM} -e`,
    `complete -c ${PROGRAM} -n 'not ${started}' -f`,
    ...COMMANDS.filter(({ name }) => name !== '').map(({ name, help }) =>
      line(`not ${started}`, `-a ${name}`, help),
    ),
    ...COMMANDS.flatMap((command) => {
      const condition =
        command.name === '' ? `not ${started}` : `__fish_seen_subcommand_from ${command.name}`
      const actions = actionsOf(command)
      return [
        ...(actions.length === 0 ? [] : [line(condition, `-a '${actions.join(' ')}'`, 'action')]),
        ...flagsOf(command).map(({ flag, follows, help }) =>
          line(condition, `-l ${flag}${fishValue(follows)}`, help),
        ),
      ]
    }),
    '',
  ].join('\n')
}

function fishValue(follows: Follows): string {
  if (follows === 'nothing') return ''
  if (follows === 'file') return ' -r -F'
  return follows === 'anything' ? ' -x' : ` -x -a '${follows.join(' ')}'`
}

function escapeFish(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)
}
