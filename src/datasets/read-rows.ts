import { type FileHandle, open } from 'node:fs/promises'
import { UsageError } from '../model/usage-error.ts'
import { LineSplitter } from './lines.ts'

/** Stands for a line that is not JSON. */
export const NOT_JSON: unique symbol = Symbol('not JSON')

/** Where a row of JSONL lies in its file, in bytes; undefined for one of a JSON array. */
export interface RowBytes {
  readonly offset: number
  readonly length: number
}

/** Takes one row; `row` counts from 1, blank lines left out. */
export type RowVisitor = (value: unknown, row: number, bytes: RowBytes | undefined) => void

const CHUNK = 1 << 18
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Reads a JSON array or JSONL, row by row. JSONL is streamed: no more of it is in memory than a line and two chunks.
 * `name` stands for the file in messages. Throws UsageError when it cannot be read, or is no JSON array where it
 * begins as one.
 */
export async function readRows(path: string, name: string, visit: RowVisitor): Promise<void> {
  const handle = await open(path).catch((error: unknown) => {
    throw new UsageError(`${name} cannot be read (${codeOf(error)}); check the path`)
  })
  try {
    await readHandle(handle, name, visit)
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (codeOf(error) === 'ERR_STRING_TOO_LONG') {
      throw new UsageError(`${name} is a JSON array too long for one string; write it as JSONL`)
    }
    throw new UsageError(`${name} cannot be read (${codeOf(error)}); check the path`)
  } finally {
    await handle.close()
  }
}

async function readHandle(handle: FileHandle, name: string, visit: RowVisitor): Promise<void> {
  let splitter: LineSplitter | undefined
  const array: Buffer[] = []
  await readChunks(handle, (chunk) => {
    if (splitter === undefined && array.length === 0) {
      if (chunk[0] === 0xff && chunk[1] === 0xfe) {
        throw new UsageError(`${name} is UTF-16; save it as UTF-8`)
      }
      const start = chunk.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0
      const content = chunk.subarray(start)
      if (!beginsArray(content)) splitter = new LineSplitter(lineReader(name, visit), start)
      splitter?.feed(content)
      if (splitter === undefined) array.push(Buffer.from(content))
    } else if (splitter === undefined) array.push(Buffer.from(chunk))
    else splitter.feed(chunk)
  })
  splitter?.finish()
  if (array.length > 0) readArray(Buffer.concat(array).toString('utf8'), name, visit)
}

/** Reads the next chunk while the one before is worked on. The buffers are used again. */
async function readChunks(handle: FileHandle, onChunk: (chunk: Buffer) => void): Promise<void> {
  let [current, next] = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)]
  let { bytesRead } = await handle.read(current, 0, CHUNK, null)
  while (bytesRead > 0) {
    const reading = handle.read(next, 0, CHUNK, null)
    // Its failure is met where it is awaited; without this, one in the meantime would end the process.
    reading.catch(() => {})
    try {
      onChunk(current.subarray(0, bytesRead))
    } finally {
      // The handle may not be closed under a read.
      await reading.catch(() => {})
    }
    bytesRead = (await reading).bytesRead
    ;[current, next] = [next, current]
  }
}

function lineReader(name: string, visit: RowVisitor) {
  let row = 0
  return (bytes: Buffer, start: number, end: number, offset: number) => {
    const text = bytes.toString('utf8', start, end)
    const value = parseLine(text)
    if (value === NOT_JSON && text.trim() === '') return
    // Each of its lines would be told as a bad row of its own.
    if (row === 0 && text.trim() === '{') throw notRows(name)
    row += 1
    visit(value, row, { offset, length: end - start })
  }
}

export function parseLine(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return NOT_JSON
  }
}

function readArray(text: string, name: string, visit: RowVisitor): void {
  const rows = parseLine(text)
  if (!Array.isArray(rows)) throw notRows(name)
  for (const [index, row] of rows.entries()) visit(row, index + 1, undefined)
}

function notRows(name: string): UsageError {
  return new UsageError(
    `${name} is neither a JSON array nor JSONL; give objects with id, text and label in one of them`,
  )
}

function beginsArray(content: Buffer): boolean {
  const first = content.find((byte) => byte !== 32 && byte !== 9 && byte !== 10 && byte !== 13)
  return first === 0x5b
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
