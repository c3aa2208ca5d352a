import { UsageError } from '../../model/usage-error.ts'
import { isRecord } from '../row.ts'
import type { Adapter, Draft, SourceFile } from './adapter.ts'
import { field, missing, recordsOf, type SourceRecord, textOf } from './records.ts'

/** A SeedDataset: what its head says holds for every seed that does not say otherwise. */
export const pyrit: Adapter = {
  name: 'pyrit',
  reads: 'YAML SeedDataset files: value, harm_categories, source, authors',
  home: 'github.com/Azure/PyRIT',
  licence: 'MIT; each set names its own source',
  threat: 'harm',
  convert: function* convert(files) {
    for (const file of files) {
      const { head, seeds } = datasetOf(file)
      for (const seed of seeds) yield draftOf({ ...head, ...seed })
    }
  },
}

function datasetOf(file: SourceFile): { head: SourceRecord; seeds: readonly SourceRecord[] } {
  const { name, value } = file
  if (Array.isArray(value)) return { head: {}, seeds: recordsOf(file) }
  if (!isRecord(value)) throw new UsageError(`${name} is no SeedDataset`)
  // Called prompts before they were called seeds.
  const { seeds, prompts, ...head } = value
  return { head, seeds: recordsOf({ ...file, value: seeds ?? prompts }) }
}

function draftOf(seed: SourceRecord): Draft | string {
  const type = field(seed, 'data_type')
  if (type !== undefined && type !== 'text') return `a seed of the type ${JSON.stringify(type)}`
  const text = textOf(seed, 'value')
  if (text === '') return missing('value')
  const categories = field(seed, 'harm_categories')
  const [first, second]: readonly unknown[] = Array.isArray(categories) ? categories : []
  return {
    text,
    label: 'malicious',
    category: typeof first === 'string' ? first : undefined,
    subcategory: typeof second === 'string' ? second : undefined,
    metadata: {
      datasetName: field(seed, 'dataset_name'),
      originalSource: field(seed, 'source'),
      authors: field(seed, 'authors'),
      groups: field(seed, 'groups'),
    },
  }
}
