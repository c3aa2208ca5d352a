import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { EXIT_CODES } from '../../model/exit-code.ts'
import { UsageError } from '../../model/usage-error.ts'
import { renderConfigTemplate } from '../../options/config-template.ts'
import type { InitOptions } from '../../options/init-options.ts'
import { checkWritable, writeTextFile } from '../../results/output-target.ts'
import type { Io } from '../io.ts'

/** Where editors find what a config file may hold: it is shipped with the package. */
const SCHEMA = fileURLToPath(new URL('../../../docs/config.schema.json', import.meta.url))

/** `llmtrace-bench init [FILE]` */
export async function init(name: string, { force }: InitOptions, io: Io): Promise<number> {
  const path = resolve(io.workingDirectory, name)
  const there = await stat(path).catch(() => undefined)
  if (there !== undefined && !force) {
    throw new UsageError(`${name} is there already; give --force to write over it, or another name`)
  }
  await checkWritable('init', path)
  await writeTextFile(path, renderConfigTemplate(schemaFrom(dirname(path))))
  io.stdout(`Written: ${name}\n`)
  return EXIT_CODES.ok.code
}

/** Relative where the package is installed below the file, so that the file can be shared. */
function schemaFrom(folder: string): string {
  const path = relative(folder, SCHEMA)
  const below = !path.startsWith('..') && !isAbsolute(path)
  return below ? `./${path.replaceAll('\\', '/')}` : pathToFileURL(SCHEMA).href
}
