import { UsageError } from '../../model/usage-error.ts'
import { isRecord } from '../row.ts'
import type { Draft, SourceFile } from './adapter.ts'

export type SourceRecord = Readonly<Record<string, unknown>>

/** The records of a table. Throws UsageError for a file that holds something else. */
export function recordsOf(file: SourceFile): readonly SourceRecord[] {
  const { name, value } = file
  if (Array.isArray(value) && value.every((one) => isRecord(one))) return value
  throw new UsageError(`${name} holds no list of records; is it a file of this set?`)
}

/** Every record of every file, converted. */
export function* eachRecord(
  files: readonly SourceFile[],
  convert: (record: SourceRecord, file: SourceFile, index: number) => Draft | string,
): Iterable<Draft | string> {
  for (const file of files) {
    for (const [index, record] of recordsOf(file).entries()) yield convert(record, file, index)
  }
}

/** A field by its name, else by its name in another case: mirrors of a set differ in that. */
export function field(record: SourceRecord, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name]
  const lower = name.toLowerCase()
  const other = Object.keys(record).find((key) => key.toLowerCase() === lower)
  return other === undefined ? undefined : record[other]
}

/** A field as text; empty where it is absent or no text. */
export function textOf(record: SourceRecord, name: string): string {
  const value = field(record, name)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? value : ''
}

/** As `textOf`, undefined where it is empty. */
export function optionalText(record: SourceRecord, name: string): string | undefined {
  return textOf(record, name) || undefined
}

export function missing(name: string): string {
  return `field ${JSON.stringify(name)} is missing or empty`
}

/** `train` or `test`, from the name of the file. */
export function splitOf({ name }: SourceFile): string | undefined {
  return /(?:^|[^a-z])(train|test|validation|valid|dev)(?![a-z])/i.exec(name)?.[1]?.toLowerCase()
}
