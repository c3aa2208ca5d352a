import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { historyOf } from '../analysis/run-history.ts'
import { numbersOf } from '../formats/run-numbers.ts'
import { EXIT_CODES } from '../model/exit-code.ts'
import type { RunHistory } from '../model/run-history.ts'
import type { RunMetric, RunNumbers } from '../model/run-numbers.ts'
import { UsageError } from '../model/usage-error.ts'
import type { CompareOptions } from '../options/compare-options.ts'
import { runHistoryCsv } from '../report/run-history-csv.ts'
import { runHistoryMarkdown, runHistoryText } from '../report/run-history-report.ts'
import { buildRunHistory } from '../results/run-history-json.ts'
import type { Io } from './io.ts'
import { openSavedRun } from './open-saved-run.ts'
import { readVersion } from '../library/version.ts'

const USUAL_METRICS: readonly RunMetric[] = ['p50', 'p95']

/** All runs of a folder in order of time. A file that is none is told and passed over. */
export async function compareHistory(
  folder: string,
  options: CompareOptions,
  io: Io,
): Promise<number> {
  const { metrics = USUAL_METRICS, allowDifferent } = options
  const { runs, unreadable } = await readFolder(folder)
  if (runs.length === 0) {
    const seen = unreadable.map(({ name, reason }) => `\n  ${name}: ${reason}`).join('')
    throw new UsageError(
      `--history ${folder} holds no saved run; give a folder of files of --run-file or --output-json${seen}`,
    )
  }
  const history = historyOf(runs, unreadable, { metrics, allowed: allowDifferent })
  io.stdout(await render(history, options.format))
  return EXIT_CODES.ok.code
}

async function readFolder(folder: string) {
  const entries = await readdir(folder).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(`--history ${folder} cannot be read (${code}); give a folder`)
  })
  const names = entries.filter((name) => !name.startsWith('.'))
  names.sort()
  const runs: RunNumbers[] = []
  const unreadable: { name: string; reason: string }[] = []
  // One after the other, and reduced at once: their samples need not be in memory together.
  for (const name of names) {
    const path = join(folder, name)
    // Asked of the path and not of the entry, which may be a link to a folder.
    if (
      await stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      )
    )
      continue
    try {
      runs.push(numbersOf(name, await openSavedRun(path)))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      unreadable.push({ name, reason: error.message.replace(`${path} `, '') })
    }
  }
  return { runs, unreadable }
}

async function render(history: RunHistory, format: CompareOptions['format']): Promise<string> {
  switch (format) {
    case 'text':
      return runHistoryText(history)
    case 'markdown':
      return runHistoryMarkdown(history)
    case 'csv':
      return runHistoryCsv(history)
    case 'json': {
      const tool = { name: 'llmtrace-bench', version: await readVersion() } as const
      return `${JSON.stringify(buildRunHistory(tool, history), undefined, 1)}\n`
    }
  }
}
