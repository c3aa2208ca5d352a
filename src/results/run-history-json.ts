import type { RunHistory } from '../model/run-history.ts'
import type { RunHead } from '../model/run-record.ts'
import { cellJson, keyJson, runJson } from './run-comparison-json.ts'

/** Raised when a reader of an older version could misread it. New keys alone do not raise it. */
const HISTORY_VERSION = 1

/** What `compare --history DIR --format json` prints. `run` of a point is an index into `runs`. */
export function buildRunHistory(tool: RunHead['tool'], { runs, series, unreadable }: RunHistory) {
  return {
    history_version: HISTORY_VERSION,
    tool,
    runs: runs.map((run) => runJson(run)),
    series: series.map((one) => ({
      ...keyJson(one),
      points: one.points.map(({ run, broken, ...cell }) => ({
        run,
        ...cellJson(cell),
        ...(broken.length === 0 ? {} : { not_compared: [...broken] }),
      })),
    })),
    unreadable: unreadable.map(({ name, reason }) => ({ name, reason })),
  }
}
