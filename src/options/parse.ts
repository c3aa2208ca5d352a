import { Command, CommanderError, Option } from 'commander'
import { UsageError } from '../model/usage-error.ts'
import { COMMANDS, type CommandRow, type Operands } from './commands.ts'
import {
  DATASETS_OPTIONS,
  type DatasetsAction,
  type DatasetsOptions,
  readDatasetsAction,
} from './datasets-options.ts'
import {
  COMPARE_OPTIONS,
  type CompareOptions,
  type CompareTask,
  readCompareTask,
} from './compare-options.ts'
import { SHELLS, type Shell } from './completion.ts'
import { CONFIG_FILE_NAME, type ConfigSource, readConfigFile } from './config-file.ts'
import { HELP_AFTERWORD } from './help-afterword.ts'
import type { OptionRow } from './option-row.ts'
import { INIT_OPTIONS, type InitOptions } from './init-options.ts'
import { type Environment, isRepeated, type RawValues, readOptions } from './read-options.ts'
import { REPORT_OPTIONS, type ReportOptions } from './report-options.ts'
import { RUN_OPTIONS, type RunOptions } from './run-options.ts'
import { checkRunRules } from './run-rules.ts'
import {
  CHATBOT_OPTIONS,
  type ChatbotOptions,
  DEMO_OPTIONS,
  type DemoOptions,
  PROXY_OPTIONS,
  type ProxyOptions,
  SIMULATE_OPTIONS,
  type SimulateOptions,
} from './server-options.ts'
import { TAP_OPTIONS, type TapOptions } from './tap-options.ts'

export type ParsedCommand =
  | {
      readonly command: 'run'
      readonly options: RunOptions
      /** Keys that a config file gave, and the file. */
      readonly config?: { readonly name: string; readonly flags: readonly string[] } | undefined
    }
  | { readonly command: 'completion'; readonly shell: Shell }
  | { readonly command: 'init'; readonly operand: string; readonly options: InitOptions }
  | { readonly command: 'demo'; readonly options: DemoOptions }
  | { readonly command: 'simulate'; readonly options: SimulateOptions }
  | { readonly command: 'proxy'; readonly options: ProxyOptions }
  | { readonly command: 'chatbot'; readonly options: ChatbotOptions }
  | { readonly command: 'tap'; readonly options: TapOptions }
  | { readonly command: 'report'; readonly operand: string; readonly options: ReportOptions }
  | {
      readonly command: 'datasets'
      readonly action: DatasetsAction
      readonly operands: readonly string[]
      readonly options: DatasetsOptions
    }
  | { readonly command: 'compare'; readonly task: CompareTask; readonly options: CompareOptions }
  | { readonly command: 'help'; readonly text: string }
  | { readonly command: 'version' }

/** A command with its flags as they were given, before anything is looked up elsewhere. */
export interface GivenCommand {
  readonly name: CommandRow['name']
  readonly operands: readonly string[]
  readonly raw: RawValues
}

/** Reads a command line, without the program's own words. Throws UsageError. */
export function parseCommandLine(
  argv: readonly string[],
  env: Environment,
  config?: ConfigSource,
): ParsedCommand {
  const given = readWords(argv)
  return 'command' in given ? given : readCommand(given, env, config)
}

/** The words of a command line; of help and version all that there is to know. Throws UsageError. */
export function readWords(
  argv: readonly string[],
): GivenCommand | Extract<ParsedCommand, { command: 'help' | 'version' }> {
  let chosen: CommandRow['name'] = ''
  let raw: RawValues = {}
  let operands: readonly string[] = []
  let written = ''
  const program = buildProgram(
    (name, values, words) => {
      chosen = name
      raw = values
      operands = words
    },
    (text) => {
      written += text
    },
  )
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.help') {
      return { command: 'help', text: written }
    }
    if (error.code === 'commander.version') return { command: 'version' }
    throw new UsageError(explain(error))
  }
  return { name: chosen, operands, raw }
}

/** The options of a run: of its flags, the environment and the config file. */
function readRun(
  raw: RawValues,
  env: Environment,
  config: ConfigSource | undefined,
): Extract<ParsedCommand, { command: 'run' }> {
  const file = config && readConfigFile(RUN_OPTIONS, config, { raw, env })
  const options = readOptions(RUN_OPTIONS, raw, env, file)
  checkRunRules(options)
  if (file === undefined) return { command: 'run', options }
  const rows: Readonly<Record<string, { readonly flag: string }>> = RUN_OPTIONS
  const flags = Object.keys(file.values).map((key) => rows[key]?.flag ?? key)
  return { command: 'run', options, config: { name: file.name, flags } }
}

/** What a command line asks for. `config` is the file that a run's options are taken from too. Throws UsageError. */
export function readCommand(
  { name, operands, raw }: GivenCommand,
  env: Environment,
  config?: ConfigSource,
): ParsedCommand {
  switch (name) {
    case '':
      return readRun(raw, env, config)
    case 'init': {
      const [operand = CONFIG_FILE_NAME] = operands
      return { command: name, operand, options: readOptions(INIT_OPTIONS, raw, env) }
    }
    case 'completion': {
      const [word = ''] = operands
      const shell = SHELLS.find((one) => one === word)
      if (shell !== undefined) return { command: name, shell }
      throw new UsageError(
        `completion is for ${SHELLS.join(', ')}, not ${JSON.stringify(word)}; give one of them`,
      )
    }
    case 'demo':
      return { command: name, options: readOptions(DEMO_OPTIONS, raw, env) }
    case 'report': {
      const [operand = ''] = operands
      if (operand === '') {
        throw new UsageError('report needs a RUN: a file of --run-file or --output-json')
      }
      return { command: name, operand, options: readOptions(REPORT_OPTIONS, raw, env) }
    }
    case 'datasets': {
      const options = readOptions(DATASETS_OPTIONS, raw, env)
      return { command: name, ...readDatasetsAction(operands, options), options }
    }
    case 'compare': {
      const options = readOptions(COMPARE_OPTIONS, raw, env)
      return { command: name, task: readCompareTask(operands, options), options }
    }
    case 'simulate':
      return { command: name, options: readOptions(SIMULATE_OPTIONS, raw, env) }
    case 'proxy': {
      const options = readOptions(PROXY_OPTIONS, raw, env)
      checkUpstream(options)
      return { command: name, options }
    }
    case 'chatbot': {
      const options = readOptions(CHATBOT_OPTIONS, raw, env)
      checkUpstream(options)
      return { command: name, options }
    }
    case 'tap': {
      const options = readOptions(TAP_OPTIONS, raw, env)
      checkUpstream(options)
      return { command: name, options }
    }
  }
}

function checkUpstream({ upstream }: { readonly upstream: string | undefined }): void {
  if (upstream !== undefined) return
  throw new UsageError(
    '--upstream is missing; give the server to forward to, such as --upstream http://127.0.0.1:8082',
  )
}

function buildProgram(
  onChosen: (name: CommandRow['name'], raw: RawValues, operands: readonly string[]) => void,
  write: (text: string) => void,
): Command {
  const program = new Command('llmtrace-bench')
  for (const row of COMMANDS) {
    const command = row.name === '' ? program : program.command(row.name)
    command
      .description(row.help)
      .allowExcessArguments(row.name === '' || row.operands !== undefined)
      .exitOverride()
      .configureOutput({ writeOut: write, writeErr: () => {}, getOutHelpWidth: () => 100 })
      .helpOption('-h, --help', 'Show this help.')
      .action(() => {
        const words = command.args
        const [first] = words
        if (row.operands === undefined && first !== undefined) throw unknownCommand(first)
        const more = words.slice(row.operands?.most ?? 0)
        if (more.length > 0) throw tooManyWords(row, more)
        onChosen(row.name, rawValues(row, command), words)
      })
    if (row.operands !== undefined) describeOperands(command, row.operands)
    for (const option of Object.values(row.table)) command.addOption(commanderOption(option))
  }
  program
    .version('', '-V, --version', 'Show the version.')
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText('after', HELP_AFTERWORD)
  return program
}

function describeOperands(command: Command, { usage, lines = [] }: Operands): void {
  command.usage(`${usage} [options]`)
  if (lines.length === 0) return
  const width = Math.max(...lines.map(([one]) => one.length)) + 2
  const shown = lines.map(([one, meaning]) => `  ${one.padEnd(width)}${meaning}`)
  command.addHelpText('after', ['', 'Actions:', ...shown].join('\n'))
}

function tooManyWords({ name, operands }: CommandRow, more: readonly string[]): UsageError {
  return new UsageError(
    `${name || 'llmtrace-bench'} does not take ${more.map((word) => JSON.stringify(word)).join(' ')}; give ${operands?.usage ?? 'flags'} alone`,
  )
}

function unknownCommand(word: string): UsageError {
  const names = COMMANDS.map(({ name }) => name).filter((name) => name !== '')
  return new UsageError(
    `${JSON.stringify(word)} is not a command; the commands are ${names.join(', ')}, and flags alone measure an endpoint (see --help)`,
  )
}

function commanderOption(row: object): Option {
  if (isRepeated(row)) {
    return new Option(`--${row.flag} ${row.each.placeholder}`, row.help)
      .helpGroup(`${row.group}:`)
      .argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text])
  }
  const one = row as OptionRow<unknown>
  const described = `${one.help}${describeDefault(one)}`
  return new Option(`--${one.flag} ${one.kind.placeholder}`.trim(), described).helpGroup(
    `${one.group}:`,
  )
}

/** ` (default: ...)` and the environment variable, as help and docs show them. */
export function describeDefault(row: OptionRow<unknown>): string {
  const printed = row.default == null ? '' : row.kind.print(row.default)
  const shown = row.kind.placeholder === '' || printed === '' ? [] : [`default: ${printed}`]
  const notes = row.env === undefined ? shown : [...shown, `env: ${row.env}`]
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`
}

/** commander's values, under the table's keys. */
function rawValues(row: CommandRow, command: Command): RawValues {
  const values = command.opts<Record<string, string | boolean | string[] | undefined>>()
  return Object.fromEntries(
    Object.keys(row.table).map((key) => {
      // commander reads `--no-x` as the negative of `x`: true until it is given.
      const negated = key.startsWith('no') && /^no[A-Z]/.test(key)
      if (!negated) return [key, values[key]]
      const positive = key.charAt(2).toLowerCase() + key.slice(3)
      return [key, values[positive] === false]
    }),
  )
}

/** commander's message, without its prefix, and with where to look. */
function explain(error: CommanderError): string {
  const message = error.message.replace(/^error: /, '')
  return `${message}\n(llmtrace-bench --help lists the flags)`
}
