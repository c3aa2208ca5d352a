import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Adapter } from '../../datasets/adapters/adapter.ts'
import { findAdapter } from '../../datasets/adapters/index.ts'
import { corpusStats } from '../../datasets/corpus-stats.ts'
import { finishDrafts, type Imported } from '../../datasets/finish-drafts.ts'
import { provenanceOf, provenancePath } from '../../datasets/provenance.ts'
import { readSource } from '../../datasets/read-source.ts'
import { EXIT_CODES } from '../../model/exit-code.ts'
import { plural } from '../../report/plural.ts'
import { UsageError } from '../../model/usage-error.ts'
import { readVersion } from '../../library/version.ts'
import type { DatasetsCall } from './call.ts'
import { namedFiles } from './chosen-files.ts'
import { describeConflicts } from './dedupe.ts'
import { prepareOut, writeRows, writeWhole } from './write-output.ts'

/** `datasets import --from ADAPTER FILE... --out FILE` */
export async function importFiles({ operands, options, io }: DatasetsCall): Promise<number> {
  const adapter = findAdapter(options.from)
  checkGenericOnly(adapter, options)
  const out = resolve(io.workingDirectory, options.out ?? '')
  await prepareOut(out)
  const files = namedFiles(operands, io.workingDirectory)
  const sources = await Promise.all(files.map(({ path, name }) => readSource(path, name)))
  const drafts = adapter.convert(
    sources.map(({ file }) => file),
    options,
  )
  // What comes from anywhere is named after where it goes.
  const source = adapter.name === 'generic' ? basename(out).replace(/\.jsonl?$/, '') : adapter.name
  const imported = finishDrafts(drafts, source, adapter.threat)
  if (imported.prompts.length === 0) throw nothingImported(adapter, imported)
  const licenceText = await readLicence(options.licenceFile, files[0]?.path, io.workingDirectory)
  const text = await writeRows(out, imported.prompts)
  const provenance = provenanceOf({
    adapter,
    imported,
    files: sources.map(({ file, bytes }) => ({ name: file.name, bytes })),
    text,
    licenceText,
    importedAt: new Date().toISOString(),
    version: await readVersion(),
  })
  await writeWhole(provenancePath(out), `${JSON.stringify(provenance, undefined, 1)}\n`)
  io.stdout(describe(adapter, imported, options.out ?? ''))
  return EXIT_CODES.ok.code
}

function checkGenericOnly(adapter: Adapter, { map, labelMap }: DatasetsCall['options']): void {
  const given = [map, labelMap].some((pairs) => Object.keys(pairs).length > 0)
  if (given && adapter.name !== 'generic') {
    throw new UsageError(
      `--map and --label-map are for --from generic; ${adapter.name} knows its fields`,
    )
  }
}

function nothingImported(adapter: Adapter, { leftOut }: Imported): UsageError {
  const reasons = Object.entries(leftOut).map(
    ([reason, count]) => `  ${plural(count, 'record')}: ${reason}`,
  )
  const head = `no row could be made; ${adapter.name} reads ${adapter.reads}`
  return new UsageError([head, ...reasons.slice(0, 10)].join('\n'))
}

const LICENCE_NAMES = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'LICENCE.md', 'COPYING']

/** The text of `--licence-file`, else of a licence file beside the first file. */
async function readLicence(
  given: string | undefined,
  source: string | undefined,
  folder: string,
): Promise<string | undefined> {
  if (given !== undefined) {
    return readFile(resolve(folder, given), 'utf8').catch(() => {
      throw new UsageError(`--licence-file ${given} cannot be read; check the path`)
    })
  }
  for (const name of source === undefined ? [] : LICENCE_NAMES) {
    const text = await readFile(join(dirname(source ?? ''), name), 'utf8').catch(() => undefined)
    if (text !== undefined) return text
  }
  return undefined
}

function describe(adapter: Adapter, imported: Imported, out: string): string {
  const { rows, labels } = corpusStats(imported.prompts)
  const leftOut = Object.entries(imported.leftOut).map(
    ([reason, count]) => `${plural(count, 'record')} left out: ${reason}`,
  )
  const lines = [
    `${plural(rows, 'row')} (${labels.malicious} malicious, ${labels.benign} benign) written to ${out}; ${plural(imported.removed, 'duplicate')} removed`,
    ...leftOut.slice(0, 10),
    `Licence of the set: ${adapter.licence} (${adapter.home})`,
    `Notes on the import: ${provenancePath(out)}`,
  ]
  return `${lines.join('\n')}\n${describeConflicts(imported)}`
}
