import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { RuleError, type RuleSource } from './rule-file.ts'
import { RuleSet } from './rule-set.ts'

/** The rules that are shipped lie beside this file, in src/ as in dist/. */
const SHIPPED = import.meta.dirname

const ENDINGS = /\.ya?ml$/

/**
 * The shipped rules and those of `paths`, files or folders, compiled. Throws RuleError, with the file and the reason,
 * for what cannot be read or used, and for a rule of one's own that fails its own tests.
 */
export async function readRules(paths: readonly string[]): Promise<RuleSet> {
  const shipped = await readFolder(SHIPPED)
  const own: RuleSource[] = []
  for (const path of paths) own.push(...(await readPath(path)))
  const taken = new Set(shipped.map(({ name }) => name))
  const clash = own.find(({ name }) => taken.has(name))
  if (clash !== undefined) {
    throw new RuleError(`${clash.name}: there are shipped rules of this name; rename the file`)
  }
  const rules = RuleSet.compile([...shipped, ...own])
  const names = new Set(own.map(({ name }) => name))
  const failed = rules.rules
    .filter(({ id }) => names.has(id.split('/')[0] ?? ''))
    .map((rule) => rules.failedTest(rule))
    .find((one) => one !== undefined)
  if (failed !== undefined) throw new RuleError(`a test of a rule fails: ${failed}`)
  return rules
}

async function readPath(path: string): Promise<RuleSource[]> {
  const facts = await stat(path).catch((error: unknown) => {
    throw new RuleError(`${path}: ${codeOf(error)}`)
  })
  if (!facts.isDirectory()) return [await readSource(path)]
  const sources = await readFolder(path)
  if (sources.length === 0) throw new RuleError(`${path}: holds no .yaml file`)
  return sources
}

async function readFolder(folder: string): Promise<RuleSource[]> {
  const files = (await readdir(folder)).filter((file) => ENDINGS.test(file))
  files.sort()
  return Promise.all(files.map((file) => readSource(join(folder, file))))
}

async function readSource(path: string): Promise<RuleSource> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new RuleError(`${path}: ${codeOf(error)}`)
  })
  return { name: basename(path).replace(ENDINGS, ''), text }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
