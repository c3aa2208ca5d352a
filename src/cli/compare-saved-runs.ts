import { compareRuns } from '../analysis/compare-runs.ts'
import { traitDifferences } from '../analysis/run-traits.ts'
import { numbersOf } from '../formats/run-numbers.ts'
import { EXIT_CODES } from '../model/exit-code.ts'
import type { RunComparison } from '../model/run-comparison.ts'
import { nameNumber, RUN_METRICS, type RunNumbers } from '../model/run-numbers.ts'
import { UsageError } from '../model/usage-error.ts'
import type { CompareOptions } from '../options/compare-options.ts'
import { runComparisonCsv } from '../report/run-comparison-csv.ts'
import { runComparisonMarkdown, runComparisonText } from '../report/run-comparison-report.ts'
import { buildRunComparison } from '../results/run-comparison-json.ts'
import type { Io } from './io.ts'
import { openSavedRun } from './open-saved-run.ts'
import { readVersion } from '../library/version.ts'

/** Compares saved runs with the first of them. */
export async function compareSavedRuns(
  files: readonly string[],
  options: CompareOptions,
  io: Io,
): Promise<number> {
  const runs: RunNumbers[] = []
  // One after the other, and reduced at once: two runs of a million samples need not be in memory together.
  for (const file of files) runs.push(numbersOf(file, await openSavedRun(file)))
  refuseDifferent(runs, options)
  const { metrics = RUN_METRICS, allowDifferent, failOnRegression } = options
  const comparison = compareRuns(runs, { metrics, allowed: allowDifferent, failOnRegression })
  if (comparison.numbers.length === 0) throw nothingInCommon(runs)
  io.stdout(await render(comparison, options.format))
  return exitCodeOf(comparison)
}

async function render(
  comparison: RunComparison,
  format: CompareOptions['format'],
): Promise<string> {
  switch (format) {
    case 'text':
      return runComparisonText(comparison)
    case 'markdown':
      return runComparisonMarkdown(comparison)
    case 'csv':
      return runComparisonCsv(comparison)
    case 'json': {
      const tool = { name: 'llmtrace-bench', version: await readVersion() } as const
      return `${JSON.stringify(buildRunComparison(tool, comparison), undefined, 1)}\n`
    }
  }
}

function refuseDifferent(runs: readonly RunNumbers[], { allowDifferent }: CompareOptions): void {
  const [first, ...others] = runs
  if (first === undefined) return
  const differences = others.flatMap((run) =>
    traitDifferences(first.facts, run.facts)
      .filter(({ trait }) => !allowDifferent.includes(trait))
      .map((difference) => ({ ...difference, name: run.name })),
  )
  if (differences.length === 0) return
  const lines = differences.map(
    ({ trait, before, after, name }) =>
      `  ${trait}: ${before} in ${first.name}, ${after} in ${name}`,
  )
  const traits = new Set([...allowDifferent, ...differences.map(({ trait }) => trait)])
  throw new UsageError(
    [
      'the runs differ in what they measured, so a difference of their numbers says nothing of the proxy:',
      ...lines,
      `measure the same again, or say that it is meant: --allow-different ${[...traits].join(',')}`,
    ].join('\n'),
  )
}

function nothingInCommon(runs: readonly RunNumbers[]): UsageError {
  const lines = runs.map(({ name, numbers }) => {
    const places = new Set(
      numbers.filter(({ baseline }) => baseline === undefined).map((one) => nameNumber(one)),
    )
    return `  ${name}: ${[...places].join('; ') || 'nothing'}`
  })
  return new UsageError(
    [
      'the runs have no endpoint and level in common:',
      ...lines,
      'give runs of the same endpoints and levels',
    ].join('\n'),
  )
}

function exitCodeOf({ regression }: RunComparison): number {
  const states = new Set(regression?.verdicts.map(({ state }) => state))
  if (states.has('FAIL')) return EXIT_CODES.gateFailed.code
  if (states.has('INCONCLUSIVE')) return EXIT_CODES.inconclusive.code
  return EXIT_CODES.ok.code
}
