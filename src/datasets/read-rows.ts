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
  const buffer = Buffer.allocUnsafe(CHUNK)
  const { bytesRead } = await handle.read(buffer, 0, CHUNK, null)
  const start = buffer.subarray(0, Math.min(3, bytesRead)).equals(BYTE_ORDER_MARK) ? 3 : 0
  const first = buffer.subarray(start, bytesRead)
  if (first[0] === 0xff && first[1] === 0xfe) {
    throw new UsageError(`${name} is UTF-16; save it as UTF-8`)
  }
  if (beginsArray(first)) {
    const whole = Buffer.concat([first, await handle.readFile()])
    readArray(whole.toString('utf8'), name, visit)
    return
  }
  const splitter = new LineSplitter(lineReader(name, visit), start)
  await feedChunks(handle, first, splitter)
  splitter.finish()
}

/** Reads the next chunk while the one before is worked on; two buffers take turns. */
async function feedChunks(
  handle: FileHandle,
  first: Buffer,
  splitter: LineSplitter,
): Promise<void> {
  let [next, other] = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)]
  for (let chunk = first; chunk.length > 0;) {
    const reading = handle.read(next, 0, CHUNK, null)
    try {
      splitter.feed(chunk)
    } finally {
      // The handle may not be closed under a read, whose own failure is met below.
      await reading.catch(() => {})
    }
    chunk = next.subarray(0, (await reading).bytesRead)
    ;[next, other] = [other, next]
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
