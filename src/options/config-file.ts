import { UsageError } from '../model/usage-error.ts'
import { nearestName } from './nearest-name.ts'
import type { OptionRow, RepeatedRow, Table } from './option-row.ts'
import type { Environment, FileValues, RawValues } from './read-options.ts'

/** The file that options are taken from where it lies in the working directory. */
export const CONFIG_FILE_NAME = 'llmtrace-bench.yaml'

/** A config file as it was read: YAML's values, not yet looked at. */
export interface ConfigSource {
  /** As messages show it. */
  readonly name: string
  readonly content: unknown
  /** Whether `--config` named it, or it only lay there. */
  readonly named: boolean
}

/** What else is known of the options. */
interface Given {
  readonly raw: RawValues
  readonly env: Environment
}

/** Keys of which each side excludes the others: a flag of one displaces what a file says of the others. */
const ALTERNATIVES: readonly (readonly (readonly string[])[])[] = [
  [['url'], ['directUrl', 'proxyUrl']],
  [['datasetFile'], ['datasetSuite']],
  [['concurrency'], ['concurrencyList'], ['rate'], ['rateList']],
]

/**
 * The options of a config file, as texts by the table's keys: those that no flag and no environment variable gives.
 * Secrets are taken from the environment variables that the file names. Throws UsageError naming file and key.
 */
export function readConfigFile(table: Table, source: ConfigSource, given: Given): FileValues {
  const { name, content } = source
  if (content !== null && content !== undefined && !isRecord(content)) {
    throw new UsageError(`${name} holds no options; write one a line, such as requests: 500`)
  }
  const values: Record<string, string | boolean | readonly string[]> = {}
  for (const [flag, value] of Object.entries(content ?? {})) {
    const [key, row] = findRow(table, flag, name)
    checkPlace(row, source)
    if (isNothing(value) || isDisplaced(key, row, given)) continue
    values[key] = textsOf(row, value, { where: `${name}: ${flag}`, env: given.env })
  }
  return { name, values }
}

type Row = OptionRow<unknown> | RepeatedRow<unknown>

function findRow(table: Table, flag: string, name: string): [key: string, row: Row] {
  const rows = Object.entries(table) as [string, Row][]
  const found = rows.find(([, row]) => row.flag === flag)
  if (found !== undefined) return found
  const nearest = nearestName(
    flag.replaceAll('_', '-'),
    rows.map(([, row]) => row.flag),
  )
  const wayOut =
    nearest === undefined ? 'keys are the flags of --help without dashes' : `write ${nearest}`
  throw new UsageError(`${name}: ${JSON.stringify(flag.slice(0, 60))} is no option; ${wayOut}`)
}

function checkPlace({ flag, inFile }: Row, { name, named }: ConfigSource): void {
  if (inFile === 'never') {
    throw new UsageError(`${name}: ${flag} is of the command line only; give --${flag} there`)
  }
  if (inFile === 'named' && !named) {
    throw new UsageError(
      `${name}: ${flag} starts programs, which a file does only that was named; add --config ${name}`,
    )
  }
}

/** An empty list is what an option without entries is. */
function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}

function isDisplaced(key: string, row: Row, { raw, env }: Given): boolean {
  const isGiven = (one: string) => raw[one] !== undefined && raw[one] !== false
  const variable = 'env' in row ? row.env : undefined
  if (isGiven(key) || (variable !== undefined && (env[variable] ?? '') !== '')) return true
  return ALTERNATIVES.some(
    (sides) =>
      sides.some((side) => side.includes(key)) &&
      sides.some((side) => !side.includes(key) && side.some((one) => isGiven(one))),
  )
}

interface Place {
  /** `llmtrace-bench.yaml: token`. */
  readonly where: string
  readonly env: Environment
}

function textsOf(row: Row, value: unknown, place: Place): string | boolean | string[] {
  const resolve = (text: string) => resolveSecret(row, text, place)
  if ('each' in row) {
    const separator = row.each.placeholder.includes(': ') ? ': ' : '='
    return (Array.isArray(value) ? (value as unknown[]) : [value])
      .flatMap((one) => entriesOf(one, separator))
      .map((text) => resolve(text))
  }
  if (row.kind.placeholder === '') {
    if (typeof value === 'boolean') return value
    throw new UsageError(`${place.where} is a switch; write true or false`)
  }
  // `metric=limit,...` may be written as a map as well.
  const separator = row.kind.placeholder.includes('=') ? '=' : undefined
  return resolve(textOf(value, separator))
}

/** `{a: b}` as `a: b`; anything else as it is. */
function entriesOf(value: unknown, separator: string): string[] {
  if (!isRecord(value)) return [textOf(value, undefined)]
  return Object.entries(value).map(([key, one]) => `${key}${separator}${textOf(one, undefined)}`)
}

function textOf(value: unknown, separator: string | undefined): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map((one) => textOf(one, separator)).join(',')
  if (isRecord(value) && separator !== undefined) return entriesOf(value, separator).join(',')
  return JSON.stringify(value)
}

/** Names before a secret, such as `proxy:Authorization: Bearer `: nothing of them is one. */
const BEFORE_SECRET = /^(?:[\w.-]+\s*[:=]\s*){0,2}(?:(?:Bearer|Basic)\s+)?$/

const VARIABLE = /^(.*?)\$\{([A-Za-z_]\w*)\}$/s

/** Puts a secret in place of its variable. A secret itself has no place in a file, and a variable stands for nothing else. */
function resolveSecret(
  { flag, hidden, inFile, ...row }: Row,
  text: string,
  { where, env }: Place,
): string {
  // A command line's variables are its shell's.
  if (inFile === 'named') return text
  if (hidden !== true) {
    if (!text.includes('${')) return text
    throw new UsageError(
      `${where} holds \${...}, which stands for secrets only; write the value, or give --${flag} on the command line`,
    )
  }
  const [, before, variable] = VARIABLE.exec(text) ?? []
  const known = 'each' in row ? BEFORE_SECRET.test(before ?? '') : before === ''
  if (variable === undefined || !known) {
    throw new UsageError(
      `${where} may not hold the value itself (not shown); write the name of an environment variable, such as \${LLMTRACE_TOKEN}`,
    )
  }
  const secret = env[variable]
  if (secret === undefined) {
    throw new UsageError(
      `${where} is \${${variable}}, which is not set; export it, or give --${flag} on the command line`,
    )
  }
  return `${before}${secret}`
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
