import { latencyOf } from '../analysis/latencies.ts'
import type { Measurement } from '../model/measurement.ts'
import { OUTCOMES } from '../model/outcome.ts'
import type { RunRecord } from '../model/run-record.ts'
import { UsageError } from '../model/usage-error.ts'
import type { SavedRun } from './saved-run.ts'

export type SampleValue = string | number | boolean | undefined

export interface SampleColumn {
  /** With the unit at its end. */
  readonly name: string
  readonly type: 'text' | 'whole' | 'long' | 'decimal' | 'boolean'
  readonly read: (measurement: Measurement, row: number) => SampleValue
}

/** One request a row, as the formats with `--samples` have it. Instants are ms on the run's own clock. */
export const SAMPLE_COLUMNS: readonly SampleColumn[] = [
  { name: 'endpoint', type: 'text', read: ({ endpoint }) => endpoint },
  { name: 'concurrency', type: 'whole', read: ({ level }) => level.concurrency },
  { name: 'rate', type: 'decimal', read: ({ level }) => level.rate },
  { name: 'round', type: 'whole', read: ({ samples }, row) => samples.round[row] },
  { name: 'sequence', type: 'whole', read: ({ samples }, row) => samples.sequence[row] },
  { name: 'prompt_index', type: 'whole', read: ({ samples }, row) => samples.promptIndex[row] },
  {
    name: 'outcome',
    type: 'text',
    read: ({ samples }, row) => OUTCOMES[samples.outcome[row] ?? -1],
  },
  // Absent is absent, and no 0 or NaN of the columns.
  { name: 'status', type: 'whole', read: ({ samples }, row) => samples.status[row] || undefined },
  { name: 'latency_ms', type: 'decimal', read: (one, row) => decimal(latencyOf(one, row)) },
  {
    name: 'intended_at_ms',
    type: 'decimal',
    read: ({ samples }, row) => decimal(samples.intendedAt[row]),
  },
  { name: 'sent_at_ms', type: 'decimal', read: ({ samples }, row) => decimal(samples.sentAt[row]) },
  {
    name: 'first_byte_at_ms',
    type: 'decimal',
    read: ({ samples }, row) => decimal(samples.firstByteAt[row]),
  },
  {
    name: 'ended_at_ms',
    type: 'decimal',
    read: ({ samples }, row) => decimal(samples.endedAt[row]),
  },
  {
    name: 'reused_connection',
    type: 'boolean',
    read: ({ samples }, row) => samples.reused[row] === 1,
  },
  {
    name: 'connect_ms',
    type: 'decimal',
    read: ({ samples }, row) => decimal(samples.connectMs[row]),
  },
  { name: 'body_bytes', type: 'long', read: ({ samples }, row) => samples.bodyBytes[row] },
  // Of a stream; without streams they are empty.
  {
    name: 'first_token_at_ms',
    type: 'decimal',
    read: ({ stream }, row) => decimal(stream?.firstTokenAt[row]),
  },
  {
    name: 'last_token_at_ms',
    type: 'decimal',
    read: ({ stream }, row) => decimal(stream?.lastTokenAt[row]),
  },
  { name: 'content_chunks', type: 'whole', read: ({ stream }, row) => stream?.chunks[row] },
  {
    name: 'output_tokens',
    type: 'whole',
    read: ({ stream }, row) => decimal(stream?.outputTokens[row]),
  },
]

/** The run's samples. Throws UsageError for a result file, which has none. */
export function samplesOf(run: Pick<SavedRun, 'record'>): readonly Measurement[] {
  return runOf(run).measurements
}

/** The run with its samples. Throws UsageError for a result file, which has none. */
export function runOf({ record }: Pick<SavedRun, 'record'>): RunRecord {
  if (record !== undefined) return record
  throw new UsageError(
    'a result file holds no samples; give the file of --run-file, which holds them',
  )
}

/** Level by level and endpoint by endpoint, in the order in which the requests ended. */
export function* sampleRows(measurements: readonly Measurement[]): Generator<SampleValue[]> {
  for (const measurement of measurements) {
    for (let row = 0; row < measurement.samples.length; row += 1) {
      yield SAMPLE_COLUMNS.map(({ read }) => read(measurement, row))
    }
  }
}

/** To a nanosecond: what is behind it is rounding of the clock's own. */
function decimal(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : Number(value.toFixed(6))
}
