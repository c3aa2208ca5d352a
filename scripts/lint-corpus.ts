// Checks the corpus of this checkout against its table; fails where there is none.
import { resolve } from 'node:path'
import { loadPrompts } from '../src/datasets/load-prompts.ts'
import { EVERYTHING } from '../src/datasets/select.ts'
import { findSuite } from '../src/datasets/suites.ts'
import type { Prompt } from '../src/model/prompt.ts'
import type { Suite } from '../src/model/suite.ts'
import { lintCorpus, lintNearDuplicates, lintSuite } from './corpus-lint/checks.ts'
import { QUOTAS } from './corpus-lint/quotas.ts'

const ROOT = resolve(import.meta.dirname, '..')

async function load(suite: Suite): Promise<readonly Prompt[]> {
  const files = await findSuite(suite, ROOT, ROOT)
  const loaded = await loadPrompts({
    name: `--dataset-suite ${suite}`,
    files,
    selection: EVERYTHING,
    skipInvalid: false,
    dropDuplicates: false,
  })
  return loaded.prompts
}

async function lint(): Promise<string[]> {
  const core = await load('core')
  const problems = lintCorpus(core, QUOTAS)
  const own: Prompt[] = []
  for (const name of Object.keys(QUOTAS.suites)) {
    const prompts = await load(name as Suite)
    problems.push(...lintSuite(name, prompts, { core, quotas: QUOTAS }))
    if (name !== 'mini') own.push(...prompts)
  }
  // Core against itself is done; this adds the suites, against it and each other.
  const known = new Set(problems)
  const near = lintNearDuplicates([...core, ...own], QUOTAS)
  problems.push(...near.filter((problem) => !known.has(problem)))
  console.log(`${core.length} rows of core, ${own.length} of other suites`)
  return problems
}

const problems = await lint().catch((error: unknown) => [String(error)])
for (const problem of problems) console.error(problem)
if (problems.length > 0) {
  console.error(`${problems.length} problems in the corpus`)
  process.exitCode = 1
}
