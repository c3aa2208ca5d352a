import { readdir } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { type Suite, SUITES } from '../model/suite.ts'
import { UsageError } from '../model/usage-error.ts'
import type { DatasetFile } from './load-prompts.ts'

const DATASETS = join('benchmarks', 'datasets')
const OWN_SUITES = join('benchmarks', 'suites')

/** Beside an imported file, about it; no dataset. */
export const PROVENANCE_SUFFIX = '.provenance.json'

/** The installed package's folder: this file is two folders down in it, in src/ as in dist/. */
const PACKAGE = resolve(import.meta.dirname, '..', '..')

/**
 * The files of a suite, in the same order on every machine. Each part is looked up under the working directory
 * first, so that the tool runs in a checkout on that checkout's corpus, else in the package. Throws UsageError when
 * there is none.
 */
export async function findSuite(
  suite: Suite,
  workingDirectory: string,
  installed = PACKAGE,
): Promise<DatasetFile[]> {
  const places = [workingDirectory, installed]
  if (suite === 'all') {
    const core = await findPart('core', places)
    return [...core, ...(await findPart('external', places))]
  }
  const files = await findPart(suite, places)
  if (files.length > 0) return files
  if (suite === 'external') {
    throw new UsageError(
      `--dataset-suite external: nothing is imported under ${join(DATASETS, 'external')} in ${workingDirectory}; ` +
        'import a public set with: llmtrace-bench datasets import --from ADAPTER FILE --out ' +
        join(DATASETS, 'external', 'NAME.json'),
    )
  }
  throw new UsageError(
    `--dataset-suite ${suite}: no dataset under ${suite === 'core' ? DATASETS : OWN_SUITES} in ${workingDirectory} nor in the installed package; use --dataset-file`,
  )
}

/** A part of the corpus that is there. */
export interface FoundSuite {
  readonly suite: Exclude<Suite, 'all'>
  readonly files: readonly DatasetFile[]
}

/** Every suite that has files, `all` left out: it is the first two. */
export async function findSuites(
  workingDirectory: string,
  installed = PACKAGE,
): Promise<FoundSuite[]> {
  const found: FoundSuite[] = []
  for (const suite of SUITES) {
    if (suite === 'all') continue
    const files = await findPart(suite, [workingDirectory, installed])
    if (files.length > 0) found.push({ suite, files })
  }
  return found
}

async function findPart(
  part: Exclude<Suite, 'all'>,
  places: readonly string[],
): Promise<DatasetFile[]> {
  for (const place of places) {
    const files = await listPart(part, place)
    if (files.length > 0) return files
  }
  return []
}

async function listPart(part: Exclude<Suite, 'all'>, place: string): Promise<DatasetFile[]> {
  const own = part !== 'core' && part !== 'external'
  const root = join(place, own ? OWN_SUITES : DATASETS)
  const found = await readdir(root, { recursive: true }).catch(() => [])
  return found
    .map((file) => file.split(sep).join('/'))
    .filter((file) => (own ? file === `${part}.json` : belongsTo(part, file)))
    .toSorted(byCodeUnit)
    .map((file) => ({ path: join(root, file), name: join(relative(place, root), file) }))
}

function belongsTo(part: 'core' | 'external', file: string): boolean {
  if (file.endsWith(PROVENANCE_SUFFIX)) return false
  const external = file.startsWith('external/')
  // Imports may be JSONL, which streams; the specification's core is JSON.
  const isDataset = file.endsWith('.json') || (external && file.endsWith('.jsonl'))
  return isDataset && external === (part === 'external')
}

/** Not by locale: that order differs between machines and versions of Node. */
function byCodeUnit(first: string, second: string): number {
  if (first === second) return 0
  return first < second ? -1 : 1
}
