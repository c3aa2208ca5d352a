import type { Replay } from '../model/replay.ts'
import type { RunHead } from '../model/run-record.ts'
import type { Comparison } from '../model/summary.ts'
import { pairedJson, present, round, rowsJson } from './comparison-json.ts'
import { REPLAY_SCHEMA_VERSION, type ReplayFile } from './replay-schema.ts'

/** What `compare --format json` prints. */
export function buildReplay(
  tool: RunHead['tool'],
  source: ReplayFile['source'],
  replay: Replay,
): ReplayFile {
  const { changes } = replay
  return {
    schema_version: REPLAY_SCHEMA_VERSION,
    tool,
    source,
    pairs: replay.pairs,
    left_out: replay.leftOut,
    conclusive: replay.regimes.length === 1,
    block_length: replay.blockLength,
    changes:
      changes.value?.map(({ row, medianBefore, medianAfter, p }) => ({
        row,
        median_before: round(medianBefore, 6),
        median_after: round(medianAfter, 6),
        p,
      })) ?? null,
    ...(changes.reason === undefined ? {} : { changes_absent: changes.reason }),
    pooled: comparisonOf(replay.pooled),
    regimes: replay.regimes.map(({ firstRow, lastRow, comparison }) => ({
      first_row: firstRow,
      last_row: lastRow,
      ...comparisonOf(comparison),
    })),
  }
}

function comparisonOf({ rounds, rows, paired }: Comparison): ReplayFile['pooled'] {
  return {
    rounds,
    direct: present(rows.map(({ metric, baseline }) => [metric, baseline])),
    proxy: present(rows.map(({ metric, candidate }) => [metric, candidate])),
    ...rowsJson(rows),
    paired: pairedJson(paired),
  }
}
