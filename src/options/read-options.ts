import { UsageError } from '../model/usage-error.ts'
import type { Kind } from './kinds.ts'
import type { OptionRow, OptionsOf, RepeatedRow, Table } from './option-row.ts'

/** What the command line holds for a flag: nothing, a switch, a text, or each text of a repeated flag. */
export type RawValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

type Environment = Readonly<Record<string, string | undefined>>

/** Turns texts into values by the table. Throws UsageError naming flag, value and way out. */
export function readOptions<T extends Table>(
  table: T,
  raw: RawValues,
  env: Environment,
): OptionsOf<T> {
  const entries = Object.entries(table).map(([key, row]) => [
    key,
    isRepeated(row) ? readEach(row, raw[key]) : readOne(row as OptionRow<unknown>, raw[key], env),
  ])
  return Object.fromEntries(entries) as OptionsOf<T>
}

export function isRepeated(row: object): row is RepeatedRow<unknown> {
  return 'each' in row
}

function readOne(row: OptionRow<unknown>, given: RawValues[string], env: Environment): unknown {
  if (typeof given === 'boolean') return given
  const fromEnv = row.env === undefined ? undefined : env[row.env]
  const text = typeof given === 'string' ? given : fromEnv
  if (text === undefined) return row.default
  const source = typeof given === 'string' ? `--${row.flag}` : `${row.env} (for --${row.flag})`
  const value = readText(row.kind, text, source, row.hidden === true)
  // An unset variable of a CI job arrives as an empty secret.
  return row.hidden === true && value === '' ? row.default : value
}

function readEach(row: RepeatedRow<unknown>, given: RawValues[string]): unknown[] {
  const texts = Array.isArray(given) ? (given as string[]) : []
  return texts.map((text) => readText(row.each, text, `--${row.flag}`, row.hidden === true))
}

function readText<T>(kind: Kind<T>, text: string, source: string, hidden: boolean): T {
  const read = kind.read(text)
  if ('value' in read) return read.value
  // A URL with a password is as secret as a token.
  const shown = hidden || /:\/\/[^/]*@/.test(text) ? 'the value (not shown)' : JSON.stringify(text)
  throw new UsageError(`${source}: ${shown} ${read.problem}`)
}
