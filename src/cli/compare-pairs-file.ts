import { replay, USUAL_ROUNDS } from '../analysis/replay.ts'
import { EXIT_CODES } from '../model/exit-code.ts'
import { UsageError } from '../model/usage-error.ts'
import type { CompareOptions } from '../options/compare-options.ts'
import { replayReport } from '../report/replay-report.ts'
import { readPairs } from '../results/read-pairs.ts'
import { buildReplay } from '../results/replay-file.ts'
import type { Io } from './io.ts'
import { readVersion } from '../library/version.ts'

/** The overhead in pairs measured elsewhere, if it kept to one level. */
export async function comparePairsFile(
  file: string,
  options: CompareOptions,
  io: Io,
): Promise<number> {
  const { unit, rounds, map = {} } = options
  const { pairs, columns } = await readPairs(file, { map, unit })
  if (rounds !== undefined && rounds > pairs.rows.length) {
    throw new UsageError(
      `--rounds ${rounds} is more than the ${pairs.rows.length} pairs of ${file}: each round needs a pair; lower it`,
    )
  }
  const result = replay(pairs, rounds ?? USUAL_ROUNDS)
  if (options.format === 'json') {
    const tool = { name: 'llmtrace-bench', version: await readVersion() } as const
    const built = buildReplay(tool, { file, ...columns, unit }, result)
    io.stdout(`${JSON.stringify(built, undefined, 1)}\n`)
  } else io.stdout(replayReport(file, result))
  return result.regimes.length > 1 ? EXIT_CODES.inconclusive.code : EXIT_CODES.ok.code
}
