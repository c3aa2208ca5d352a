import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UsageError } from '../model/usage-error.ts'
import { CONFIG_FILE_NAME, type ConfigSource } from '../options/config-file.ts'

/** The value of `--config` that stands for no file. */
const NO_FILE = 'none'

/**
 * The config file of a run: that of `--config`, else the one of the usual name in `folder`, where there is one. Throws
 * UsageError for a file that cannot be read or is no YAML.
 */
export async function readConfig(
  path: string | undefined,
  folder: string,
): Promise<ConfigSource | undefined> {
  if (path === NO_FILE) return undefined
  const name = path ?? CONFIG_FILE_NAME
  const named = path !== undefined
  const text = await readFile(resolve(folder, name), 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (!named && code === 'ENOENT') return undefined
    throw new UsageError(
      `${named ? `--config ${name}` : name} cannot be read (${code}); ${named ? 'give the path of a YAML file, or none' : 'give --config none to do without it'}`,
    )
  })
  return text === undefined ? undefined : { name, named, content: await parseYaml(name, text) }
}

async function parseYaml(name: string, text: string): Promise<unknown> {
  // Loaded where there is a file: help should not wait for it.
  const { LineCounter, parseDocument } = await import('yaml')
  const lineCounter = new LineCounter()
  // Pretty errors repeat the line, which may hold what nobody is to see.
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [error] = document.errors
  if (error === undefined) return document.toJS({ maxAliasCount: 100 })
  const { line, col } = lineCounter.linePos(error.pos[0])
  throw new UsageError(
    `${name}, line ${line}, column ${col}: no YAML (${error.code}); write one key: value a line`,
  )
}
