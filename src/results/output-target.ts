import { constants } from 'node:fs'
import { access, type FileHandle, open, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../model/usage-error.ts'

/**
 * Finds out before a run whether `path` can be written after it, by writing beside it what is then removed; an
 * existing file is not touched. Throws UsageError naming `flag`, the path and the way out.
 */
export async function checkWritable(flag: string, path: string): Promise<void> {
  const existing = await stat(path).catch(() => undefined)
  if (existing?.isDirectory()) {
    throw new UsageError(`${flag} ${path} is a directory; give the path of a file in it`)
  }
  const folder = dirname(path)
  const parent = await stat(folder).catch(() => undefined)
  if (!parent?.isDirectory()) {
    throw new UsageError(
      `${flag} ${path}: the folder ${folder} does not exist; create it or choose another path`,
    )
  }
  try {
    if (existing !== undefined) await access(path, constants.W_OK)
    if (existing !== undefined && !existing.isFile()) return
    const trial = temporaryBeside(path)
    await (await open(trial, 'wx')).close()
    await unlink(trial)
  } catch (error) {
    throw new UsageError(
      `${flag} ${path} cannot be written (${codeOf(error)}); choose another path`,
    )
  }
}

/** Writes JSON whole or not at all, as `writeWhole` does. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await writeWhole(path, jsonFilePieces(value))
}

/** Writes text whole or not at all, as `writeWhole` does. */
export async function writeTextFile(path: string, text: string): Promise<void> {
  await writeWhole(path, [text])
}

/**
 * Writes into a file beside `path`, which then takes its place. A device or pipe is written to as it is: nothing may
 * take its place.
 */
async function writeWhole(path: string, pieces: Iterable<string>): Promise<void> {
  const existing = await stat(path).catch(() => undefined)
  if (existing !== undefined && !existing.isFile()) {
    const device = await open(path, 'w')
    await writePieces(device, pieces).finally(() => device.close())
    return
  }
  const temporary = temporaryBeside(path)
  const file = await open(temporary, 'wx')
  try {
    await writePieces(file, pieces)
    await file.sync()
    await file.close()
    await rename(temporary, path)
  } catch (error) {
    await file.close().catch(() => {})
    await unlink(temporary).catch(() => {})
    throw error
  }
}

async function writePieces(file: FileHandle, pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) await file.writeFile(piece)
}

function* jsonFilePieces(value: unknown): Generator<string> {
  yield* jsonPieces(value, '')
  yield '\n'
}

/** Long arrays are cut into slices of this many numbers, so that a million of them never form one string. */
const SLICE = 10_000

/** JSON in pieces: objects and arrays of objects indented by one space, arrays of plain values on one line. */
function* jsonPieces(value: unknown, indent: string): Generator<string> {
  const deeper = `${indent} `
  if (Array.isArray(value) && !value.some((item) => typeof item === 'object' && item !== null)) {
    yield '['
    for (let start = 0; start < value.length; start += SLICE) {
      const slice = JSON.stringify(value.slice(start, start + SLICE)).slice(1, -1)
      yield start === 0 ? slice : `,${slice}`
    }
    yield ']'
  } else if (typeof value === 'object' && value !== null) {
    const list = Array.isArray(value)
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    yield list ? '[' : '{'
    for (const [index, [key, item]] of entries.entries()) {
      yield `${index === 0 ? '' : ','}\n${deeper}${list ? '' : `${JSON.stringify(key)}: `}`
      yield* jsonPieces(item, deeper)
    }
    yield `${entries.length === 0 ? '' : `\n${indent}`}${list ? ']' : '}'}`
  } else yield JSON.stringify(value)
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
