import { z } from 'zod'

/** Raised when a reader of an older version could misread a file. New keys alone do not raise it. */
export const SCHEMA_VERSION = 1

const metrics = z
  .record(z.string(), z.number())
  .describe(
    'ok_rps per second; mean, p50, p95, p99, max in ms; err_rate 0 to 1. A metric that was not measured is absent',
  )

const run = z.looseObject({
  endpoint: z.string().describe('target, or direct and proxy'),
  url: z.string(),
  concurrency: z.int().min(1),
  requests: z.int().min(0).describe('requests that ended by themselves'),
  ok: z.int().min(0),
  errors: z.int().min(0),
  duration_s: z.number().min(0).describe('first send to last end, in seconds'),
  ok_rps: z.number().min(0).describe('ok / duration_s; 0 when nothing was ok'),
  latencies_ms_ok: z
    .array(z.number())
    .describe('E2E latency of each ok request in ms, in the order in which they ended'),
  statuses: z.record(z.string(), z.int()).describe('HTTP status to number of responses'),
  errors_sample: z.array(z.string()).describe('the first few different failures'),
  outcomes: z
    .record(z.string(), z.int())
    .describe('how requests ended, by kind, cancelled ones included'),
  planned: z.int().min(1),
  partial: z.boolean().describe('stopped before all planned requests were sent'),
  metrics,
})

const overhead = z.looseObject({
  baseline: z.string(),
  candidate: z.string(),
  concurrency: z.int().min(1),
  delta: metrics.describe('candidate - baseline, for each metric that both sides have'),
})

/** The file that `--output-json` writes. Its JSON Schema is published as docs/result.schema.json. */
export const RESULT_SCHEMA = z.looseObject({
  schema_version: z.literal(SCHEMA_VERSION),
  tool: z.looseObject({ name: z.literal('llmtrace-bench'), version: z.string() }),
  spec: z.looseObject({
    model: z.string(),
    system: z.string(),
    prompt: z.string(),
    temperature: z.number(),
    max_tokens: z.int(),
  }),
  headers: z.looseObject({ has_token: z.boolean(), agent_id: z.string().nullable() }),
  dataset: z
    .looseObject({
      file: z.string().nullable(),
      suite: z.string().nullable(),
      label: z.string(),
      category_contains: z.array(z.string()),
      subcategory_contains: z.array(z.string()),
      limit: z.int(),
      shuffle_seed: z.int(),
      selected: z.int().min(1).describe('prompts that the run cycled through'),
    })
    .nullable(),
  run: z.looseObject({
    started_at: z.string().describe('ISO 8601, UTC'),
    node: z.string(),
    platform: z.string(),
    seed: z.int(),
    client: z.enum(['lean', 'undici']),
    keep_alive: z.boolean(),
    order: z
      .literal('sequential')
      .describe('each endpoint to its end before the next: drift counts as overhead'),
    partial: z.boolean(),
  }),
  runs: z.array(run),
  overhead: z.array(overhead),
  warnings: z.array(z.looseObject({ code: z.string(), message: z.string(), advice: z.string() })),
})

export type ResultFile = z.infer<typeof RESULT_SCHEMA>

/** The JSON Schema of the result file. */
export function resultJsonSchema(): Record<string, unknown> {
  return { title: 'llmtrace-bench result', ...z.toJSONSchema(RESULT_SCHEMA) }
}
