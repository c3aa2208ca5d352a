import { z } from 'zod'

const rate = z.number().min(0).optional().describe('as in runs')

const figures = z
  .looseObject({
    count: z.int().min(0).describe('values that the statistics are of'),
    absent: z.record(z.string(), z.string()).optional().describe('why a statistic is missing'),
  })
  .describe('mean, p50, p90, p95, p99, each only where it was earned')

/** What result files hold of streamed answers. */
export const streamsSchema = z.looseObject({
  runs: z.array(
    z.looseObject({
      endpoint: z.string(),
      concurrency: z.int().min(1),
      rate,
      ok: z.int().min(0),
      cancelled_as_asked: z.int().min(0).describe('streams that --cancel-after ended'),
      output_tokens: z.number().min(0).optional().describe('as usage reports them'),
      output_tokens_per_s: z.number().min(0).optional().describe('output_tokens / duration_s'),
      metrics: z
        .record(z.string(), figures)
        .describe('ttfb, ttfc, ttft, icl, tpot in ms; tokens_per_s of an answer; chunks'),
    }),
  ),
  overhead: z.array(
    z.looseObject({
      baseline: z.string(),
      candidate: z.string(),
      concurrency: z.int().min(1),
      rate,
      control: z.boolean(),
      metrics: z
        .record(z.string(), z.looseObject({}))
        .describe('for each metric delta, interval, ratio, ... as in overhead, by statistic'),
    }),
  ),
  integrity: z.array(
    z.looseObject({
      endpoint: z.string(),
      concurrency: z.int().min(1),
      rate,
      baseline: z.string().optional().describe('whom it is compared with'),
      control: z.boolean(),
      checks: z
        .record(z.string(), z.tuple([z.int().min(0), z.int().min(0)]))
        .describe('by check: so many of so many answers; docs/streaming.md has the checks'),
      absent: z.record(z.string(), z.string()).describe('why a check was not made'),
      chunks_per_read: z.number().optional().describe('content chunks over reads that had any'),
      coalescing: z.number().optional().describe("chunks_per_read over the baseline's"),
    }),
  ),
  cancelled_upstream: z
    .array(
      z.looseObject({
        endpoint: z.string(),
        concurrency: z.int().min(1),
        rate,
        cancelled: z.int().min(0).describe('streams that we ended'),
        stopped: z.int().min(0).optional().describe('of them those that the upstream saw end'),
        late_ms: z.record(z.string(), z.number()).describe('p50, p95, max until it saw it'),
        absent: z.string().optional().describe('why something is missing'),
      }),
    )
    .optional()
    .describe('only with --cancel-after and --upstream-log'),
})
