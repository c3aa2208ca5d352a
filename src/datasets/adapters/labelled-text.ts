import type { Label } from '../../model/prompt.ts'
import type { Adapter } from './adapter.ts'
import { eachRecord, field, missing, optionalText, splitOf, textOf } from './records.ts'

interface Columns {
  readonly text: string
  readonly label: string
  readonly labels: Readonly<Record<string, Label>>
  /** The category of every row, or the column that has it. */
  readonly category: string | { readonly column: string }
  /** Columns kept as metadata. */
  readonly keep?: readonly string[]
}

/** The commonest shape of public sets: a text and its label. */
export function labelledText(columns: Columns): Adapter['convert'] {
  const { category, keep = [] } = columns
  return (files) =>
    eachRecord(files, (record, file) => {
      const text = textOf(record, columns.text)
      if (text === '') return missing(columns.text)
      const given = field(record, columns.label)
      const label = readLabel(given, columns.labels)
      if (label === undefined) return unknownLabel(columns.label, given)
      const kept = keep.map((name) => [name, field(record, name)])
      return {
        text,
        label,
        category: typeof category === 'string' ? category : optionalText(record, category.column),
        metadata: { split: splitOf(file), ...Object.fromEntries(kept) },
      }
    })
}

/** Numbers, booleans and texts alike, whatever their case: sets write 1, 1.0, "1", true and True for the same. */
export function readLabel(
  value: unknown,
  labels: Readonly<Record<string, Label>>,
): Label | undefined {
  const text = String(value).trim().toLowerCase()
  const plain = /^\d+\.0$/.test(text) ? text.slice(0, -2) : text
  return Object.hasOwn(labels, plain) ? labels[plain] : undefined
}

export function unknownLabel(name: string, value: unknown): string {
  return `field ${JSON.stringify(name)} is ${JSON.stringify(value)?.slice(0, 60) ?? 'missing'}, which is no label of this set`
}

export const ONE_IS_MALICIOUS: Readonly<Record<string, Label>> = {
  1: 'malicious',
  true: 'malicious',
  0: 'benign',
  false: 'benign',
}
