import { z } from 'zod'
import { TIME_UNITS } from '../model/pair-source.ts'

/** Raised when a reader of an older version could misread a file. New keys alone do not raise it. */
export const REPLAY_SCHEMA_VERSION = 1

const metrics = z
  .record(z.string(), z.number())
  .describe('by metric: mean, p50, p95, p99. One that was not earned is absent')

const interval = z.tuple([z.number(), z.number()]).describe('95 % interval: low, high')

const intervals = z.record(z.string(), interval)

const comparison = {
  rounds: z.int().min(1).describe('blocks of consecutive pairs that the intervals are from'),
  direct: metrics.describe('ms'),
  proxy: metrics.describe('ms'),
  delta: metrics.describe('proxy - direct, ms: a difference of quantiles'),
  interval: intervals,
  ratio: metrics.describe('proxy / direct'),
  ratio_interval: intervals,
  detectable: metrics.describe(
    'smallest true delta that would be told from none in 80 of 100 runs, ms',
  ),
  p: metrics.describe('two-sided exact sign-flip over rounds, not adjusted'),
  absent: z.record(z.string(), z.string()).describe('why a metric has no delta or no interval'),
  paired: z
    .looseObject({
      pairs: z.int().min(0),
      typical: z.number().optional().describe('Hodges-Lehmann'),
      interval: interval.optional(),
      p50: z.number().optional(),
      p95: z.number().optional(),
      p99: z.number().optional(),
    })
    .describe('the differences of pairs and their quantiles, ms'),
}

/** What `compare --format json` prints. Its JSON Schema is published as docs/replay.schema.json. */
export const REPLAY_SCHEMA = z.looseObject({
  schema_version: z.literal(REPLAY_SCHEMA_VERSION),
  tool: z.looseObject({ name: z.literal('llmtrace-bench'), version: z.string() }),
  source: z.looseObject({
    file: z.string(),
    direct: z.string().describe('column of the direct latencies'),
    proxy: z.string(),
    unit: z.enum(TIME_UNITS).describe('of the file; all times below are in ms'),
  }),
  pairs: z.int().min(1),
  left_out: z.int().min(0).describe('rows with an empty side'),
  conclusive: z
    .boolean()
    .describe('false where the differences changed their level: then pooled has no numbers'),
  block_length: z.int().min(1).describe('pairs in each block that was permuted'),
  changes: z
    .array(
      z.looseObject({
        row: z.int().min(1).describe('first row of the new regime, from 1'),
        median_before: z.number().describe('median difference, ms'),
        median_after: z.number(),
        p: z.number(),
      }),
    )
    .nullable()
    .describe('null where there are too few pairs to tell, with the reason in changes_absent'),
  changes_absent: z.string().optional(),
  pooled: z.looseObject(comparison),
  regimes: z
    .array(
      z.looseObject({
        first_row: z.int().min(1),
        last_row: z.int().min(1),
        ...comparison,
      }),
    )
    .min(1),
})

export type ReplayFile = z.infer<typeof REPLAY_SCHEMA>

/** The JSON Schema of what `compare --format json` prints. */
export function replayJsonSchema(): Record<string, unknown> {
  return { title: 'llmtrace-bench compare', ...z.toJSONSchema(REPLAY_SCHEMA) }
}
