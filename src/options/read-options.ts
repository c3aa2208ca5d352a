import { UsageError } from '../model/usage-error.ts'
import type { Kind } from './kinds.ts'
import type { OptionRow, OptionsOf, RepeatedRow, Table } from './option-row.ts'

/** What the command line holds for a flag: nothing, a switch, a text, or each text of a repeated flag. */
export type RawValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

export type Environment = Readonly<Record<string, string | undefined>>

/** What a config file gives, under the table's keys. */
export interface FileValues {
  readonly name: string
  readonly values: RawValues
}

/** Turns texts into values by the table: of the command line, else of the environment, else of the file, else the default. Throws UsageError naming flag, value and way out. */
export function readOptions<T extends Table>(
  table: T,
  raw: RawValues,
  env: Environment,
  file?: FileValues,
): OptionsOf<T> {
  const entries = Object.entries(table).map(([key, row]) => [
    key,
    isRepeated(row)
      ? readEach(row, sourced(row, raw[key], file && { name: file.name, value: file.values[key] }))
      : readOne(row as OptionRow<unknown>, { given: raw[key], env, file, key }),
  ])
  return Object.fromEntries(entries) as OptionsOf<T>
}

export function isRepeated(row: object): row is RepeatedRow<unknown> {
  return 'each' in row
}

interface Sources {
  readonly given: RawValues[string]
  readonly env: Environment
  readonly file: FileValues | undefined
  readonly key: string
}

function readOne(row: OptionRow<unknown>, { given, env, file, key }: Sources): unknown {
  const fromFile = file?.values[key]
  // A switch that is not given is false where commander takes it for the negative of another.
  if (given === true || typeof fromFile === 'boolean') return given === true || fromFile
  const fromEnv = row.env === undefined ? undefined : env[row.env]
  const candidates = [
    { text: given, source: `--${row.flag}` },
    { text: fromEnv, source: `${row.env} (for --${row.flag})` },
    { text: fromFile, source: `${file?.name}: ${row.flag}` },
  ]
  for (const { text, source } of candidates) {
    if (typeof text !== 'string') continue
    // An unset variable of a CI job arrives as an empty secret.
    if (row.hidden === true && text === '') {
      if (text === given) break
      continue
    }
    return readText(row.kind, text, source, row.hidden === true)
  }
  return typeof given === 'boolean' ? given : row.default
}

interface Sourced {
  readonly texts: readonly string[]
  readonly source: string
}

/** Those of the command line, or those of the file; never some of each. */
function sourced(
  { flag }: RepeatedRow<unknown>,
  given: RawValues[string],
  file: { readonly name: string; readonly value: RawValues[string] } | undefined,
): Sourced {
  if (Array.isArray(given)) return { texts: given as string[], source: `--${flag}` }
  const texts = Array.isArray(file?.value) ? (file.value as string[]) : []
  return { texts, source: `${file?.name}: ${flag}` }
}

function readEach(row: RepeatedRow<unknown>, { texts, source }: Sourced): unknown[] {
  return texts.map((text) => readText(row.each, text, source, row.hidden === true))
}

function readText<T>(kind: Kind<T>, text: string, source: string, hidden: boolean): T {
  const read = kind.read(text)
  if ('value' in read) return read.value
  // A URL with a password is as secret as a token.
  const shown = hidden || /:\/\/[^/]*@/.test(text) ? 'the value (not shown)' : JSON.stringify(text)
  throw new UsageError(`${source}: ${shown} ${read.problem}`)
}
