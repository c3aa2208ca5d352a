import { readFile } from 'node:fs/promises'
import { basename, dirname, extname } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { UsageError } from '../model/usage-error.ts'
import type { SourceFile } from './adapters/adapter.ts'
import { NOT_JSON, parseLine } from './read-rows.ts'

type Reader = (bytes: Buffer) => unknown

/** By the ending of the file. Libraries are loaded only for a format that needs them. */
const READERS: Readonly<Record<string, Reader>> = {
  '.json': (bytes) => readJson(textOf(bytes)),
  '.jsonl': (bytes) => readJsonLines(textOf(bytes)),
  '.ndjson': (bytes) => readJsonLines(textOf(bytes)),
  '.csv': (bytes) => readDelimited(bytes, ','),
  '.tsv': (bytes) => readDelimited(bytes, '\t'),
  '.yaml': (bytes) => readYaml(textOf(bytes)),
  '.yml': (bytes) => readYaml(textOf(bytes)),
  '.parquet': (bytes) => readParquet(bytes),
}

export interface ReadSource {
  readonly file: SourceFile
  readonly bytes: Buffer
}

/** Reads a file that is to be imported. Throws UsageError, naming it as `name`, where that cannot be done. */
export async function readSource(path: string, name: string): Promise<ReadSource> {
  const reader = READERS[extname(path).toLowerCase()]
  if (reader === undefined) {
    throw new UsageError(
      `${name}: its ending tells no format; the formats are ${Object.keys(READERS).join(' ')}`,
    )
  }
  const bytes = await readFile(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(`${name} cannot be read (${code}); check the path`)
  })
  try {
    const value = await reader(bytes)
    return { file: { name: basename(path), folder: basename(dirname(path)), value }, bytes }
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new UsageError(`${name} is no valid ${extname(path).slice(1)}: ${reason}`)
  }
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/^\uFEFF/, '')
}

/** Many files called .json hold JSONL. */
function readJson(text: string): unknown {
  const value = parseLine(text)
  return value === NOT_JSON ? readJsonLines(text) : value
}

function readJsonLines(text: string): unknown[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const value = parseLine(line)
    if (value === NOT_JSON) throw new Error(`line ${index + 1} is not valid JSON`)
    return [value]
  })
}

async function readDelimited(bytes: Buffer, delimiter: string): Promise<unknown> {
  const { parse } = await import('csv-parse/sync')
  return parse(bytes, {
    bom: true,
    columns: true,
    delimiter,
    // Prompts hold quotes of all kinds, and exports do not always double them.
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
}

async function readYaml(text: string): Promise<unknown> {
  const { parseAllDocuments } = await import('yaml')
  const documents = Array.from(parseAllDocuments(text), (document) => {
    const [error] = document.errors
    if (error !== undefined) throw error
    return document.toJS() as unknown
  })
  return documents.length === 1 ? documents[0] : documents
}

async function readParquet(bytes: Buffer): Promise<unknown> {
  const { parquetReadObjects } = await import('hyparquet')
  // A view into a shared pool is no whole ArrayBuffer.
  const file = new Uint8Array(bytes).buffer
  const compressors = {
    GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)),
    BROTLI: (input: Uint8Array) => new Uint8Array(brotliDecompressSync(input)),
  }
  return (await parquetReadObjects({ file, compressors })).map((row) => plainNumbers(row))
}

/** Parquet's 64-bit integers come as bigint, which JSON has no word for. */
function plainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map((one) => plainNumbers(one))
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainNumbers(one)]))
}
