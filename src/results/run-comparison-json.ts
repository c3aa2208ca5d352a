import type {
  ComparedCell,
  ComparedRun,
  NumberChange,
  RunComparison,
} from '../model/run-comparison.ts'
import type { NumberKey } from '../model/run-numbers.ts'
import type { RunHead } from '../model/run-record.ts'
import { round } from './comparison-json.ts'

/** Raised when a reader of an older version could misread it. New keys alone do not raise it. */
const COMPARISON_VERSION = 1

/** What `compare A B --format json` prints. A number that was not earned is absent, with a reason beside it. */
export function buildRunComparison(tool: RunHead['tool'], comparison: RunComparison) {
  const { runs, numbers, means, notes, regression } = comparison
  return {
    comparison_version: COMPARISON_VERSION,
    tool,
    runs: runs.map((run) => runJson(run)),
    numbers: numbers.map((number) => ({
      ...keyJson(number),
      runs: number.cells.map((cell) => cellJson(cell)),
    })),
    geometric_means: means.map(({ metric, count, cells }) => ({
      metric,
      numbers: count,
      runs: cells.map(({ value, share }) => ({
        value: round(value, 6),
        ...(share === undefined ? {} : { change: round(share, 6) }),
      })),
    })),
    notes: [...notes],
    ...(regression === undefined
      ? {}
      : {
          regression: {
            limit: regression.limit,
            verdicts: regression.verdicts.map((verdict) => ({
              ...keyJson(verdict),
              run: verdict.run,
              state: verdict.state,
              ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
            })),
          },
        }),
  }
}

export function runJson({ name, startedAt, partial }: ComparedRun) {
  return {
    name,
    ...(startedAt === undefined ? {} : { started_at: startedAt }),
    partial,
  }
}

export function keyJson({ endpoint, baseline, level, metric }: NumberKey) {
  return {
    endpoint,
    ...(baseline === undefined ? {} : { overhead_over: baseline }),
    concurrency: level.concurrency,
    ...(level.rate === undefined ? {} : { rate: level.rate }),
    metric,
  }
}

export function cellJson({ value, halfWidth, change }: ComparedCell) {
  const reason = value.reason ?? halfWidth.reason
  return {
    ...(value.value === undefined ? {} : { value: round(value.value, 6) }),
    ...(halfWidth.value === undefined ? {} : { half_width: round(halfWidth.value, 6) }),
    ...(reason === undefined ? {} : { absent: reason }),
    ...(change === undefined ? {} : { change: changeJson(change) }),
  }
}

function changeJson({ scale, delta, interval, decided }: NumberChange) {
  const reason = delta.reason ?? interval.reason
  return {
    scale,
    ...(delta.value === undefined ? {} : { delta: round(delta.value, 6) }),
    ...(interval.value === undefined
      ? {}
      : { interval: [round(interval.value.low, 6), round(interval.value.high, 6)] }),
    ...(decided === undefined ? {} : { decided }),
    ...(reason === undefined ? {} : { absent: reason }),
  }
}
