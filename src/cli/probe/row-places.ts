import { readFile, stat } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { findSuite } from '../../datasets/suites.ts'
import type { RunOptions } from '../../options/run-options.ts'
import type { RowPlace } from '../../results/probe-outputs/probe-row.ts'

/** Beyond this a file is named without lines: they are not worth its memory. */
const MOST_BYTES = 64 * 1024 * 1024

/** An id in JSON and in JSONL. One in a nested object may be taken for a row's; the first of a name counts. */
const ID = /"id"\s*:\s*("(?:[^"\\]|\\.)*"|\d+)|\n/g

/** Tells where a row of the run's dataset stands, by its id; nothing without a dataset. */
export async function findRowPlaces(
  { datasetFile, datasetSuite }: RunOptions,
  folder: string,
): Promise<(id: string) => RowPlace | undefined> {
  const places = new Map<string, RowPlace>()
  const paths =
    datasetFile === undefined
      ? datasetSuite && (await findSuite(datasetSuite, folder)).map(({ path }) => path)
      : [resolve(folder, datasetFile)]
  const nameOf = (path: string) => relative(folder, path).split(sep).join('/')
  for (const path of paths ?? []) {
    const file = nameOf(path)
    const { size } = await stat(path).catch(() => ({ size: Infinity }))
    const text = size > MOST_BYTES ? '' : await readFile(path, 'utf8').catch(() => '')
    for (const [id, line] of linesOf(text)) {
      if (!places.has(id)) places.set(id, { file, line })
    }
  }
  const [only, ...others] = paths ?? []
  const place = only && others.length === 0 ? { file: nameOf(only), line: undefined } : undefined
  return (id) => places.get(id) ?? place
}

function* linesOf(text: string): Generator<[id: string, line: number]> {
  let line = 1
  for (const [found, id] of text.matchAll(ID)) {
    // An id may be written on another line than its key.
    line += found.split('\n').length - 1
    if (id !== undefined) yield [textOf(id), line]
  }
}

function textOf(json: string): string {
  try {
    return String(JSON.parse(json))
  } catch {
    return json
  }
}
