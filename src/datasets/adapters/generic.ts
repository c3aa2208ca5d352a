import type { Label } from '../../model/prompt.ts'
import { UsageError } from '../../model/usage-error.ts'
import { isRecord } from '../row.ts'
import type { Adapter, Draft, ImportSettings, SourceFile } from './adapter.ts'
import { readLabel, unknownLabel } from './labelled-text.ts'
import { eachRecord, field, missing, recordsOf, type SourceRecord } from './records.ts'

const TEXTS = ['category', 'subcategory', 'language', 'pairId'] as const

const TARGETS: readonly string[] = ['id', 'text', 'label', 'difficulty', ...TEXTS]

/** Any table: --map names the columns, and what is not mapped is kept as metadata. */
export const generic: Adapter = {
  name: 'generic',
  reads: 'JSON, JSONL, CSV, TSV, YAML or Parquet, with --map and --label-map',
  home: 'anywhere',
  licence: 'not known: see where the file comes from',
  threat: 'injection',
  convert: (files, settings) => {
    checkMap(settings, files)
    const labels = labelsOf(settings)
    return eachRecord(files, (record) => draftOf(record, settings.map, labels))
  },
}

function draftOf(
  record: SourceRecord,
  map: ImportSettings['map'],
  labels: Readonly<Record<string, Label>>,
): Draft | string {
  const value = (target: string) => lookUp(record, map[target] ?? target)
  const text = plain(value('text'))
  if (text === undefined) return missing(map['text'] ?? 'text')
  const label = readLabel(value('label'), labels)
  if (label === undefined) return unknownLabel(map['label'] ?? 'label', value('label'))
  const difficulty = Number(value('difficulty'))
  const used = new Set(TARGETS.map((target) => columnOf(record, map[target] ?? target)))
  return {
    text,
    label,
    nativeId: plain(value('id')),
    difficulty: Number.isFinite(difficulty) && difficulty > 0 ? difficulty : undefined,
    ...Object.fromEntries(TEXTS.map((target) => [target, plain(value(target))])),
    metadata: Object.fromEntries(Object.entries(record).filter(([name]) => !used.has(name))),
  }
}

/** The column that a name or path is taken from. */
function columnOf(record: SourceRecord, name: string): string {
  return field(record, name) === undefined ? (name.split('.')[0] ?? name) : name
}

/** A column by its name, else by the path of its parts: `data.prompt`. */
function lookUp(record: SourceRecord, name: string): unknown {
  const whole = field(record, name)
  if (whole !== undefined || !name.includes('.')) return whole
  const [first = '', ...rest] = name.split('.')
  const inner = field(record, first)
  return isRecord(inner) ? lookUp(inner, rest.join('.')) : undefined
}

function plain(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function checkMap({ map }: ImportSettings, files: readonly SourceFile[]): void {
  const stranger = Object.keys(map).find((target) => !TARGETS.includes(target))
  if (stranger !== undefined) {
    throw new UsageError(
      `--map ${stranger}=${map[stranger]}: we have no field ${stranger}; map ${TARGETS.join(', ')}`,
    )
  }
  for (const file of files) {
    const records = recordsOf(file)
    for (const [target, name] of Object.entries(map)) {
      if (records.length === 0 || records.some((record) => lookUp(record, name) !== undefined))
        continue
      const columns = [...new Set(records.flatMap((record) => Object.keys(record)))].slice(0, 20)
      throw new UsageError(
        `--map ${target}=${name}: ${file.name} has no column ${name}; it has ${columns.join(', ')}`,
      )
    }
  }
}

function labelsOf({ labelMap }: ImportSettings): Readonly<Record<string, Label>> {
  const labels: Record<string, Label> = { benign: 'benign', malicious: 'malicious' }
  for (const [theirs, ours] of Object.entries(labelMap)) {
    if (ours !== 'benign' && ours !== 'malicious') {
      throw new UsageError(`--label-map ${theirs}=${ours}: a label is benign or malicious`)
    }
    labels[theirs.toLowerCase()] = ours
  }
  return labels
}
