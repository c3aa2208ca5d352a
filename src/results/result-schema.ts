import { z } from 'zod'
import { streamsSchema } from './stream-schema.ts'

/** Raised when a reader of an older version could misread a file. New keys alone do not raise it. */
export const SCHEMA_VERSION = 3

const metrics = z
  .record(z.string(), z.number())
  .describe(
    'ok_rps per second; mean, p50, p95, p99, max in ms; err_rate 0 to 1. A metric that was not measured is absent',
  )

const rate = z
  .number()
  .min(0)
  .optional()
  .describe('arrivals per second of an open loop; absent in a closed one')

const intervals = z
  .record(z.string(), z.tuple([z.number(), z.number()]))
  .describe('95 % interval by metric: low, high. A metric without one is in absent')

const blockRate = z.looseObject({
  blocked: z.int().min(0),
  decided: z.int().min(0).describe('blocked and allowed'),
  prompts: z.int().min(0).describe('different prompts among them'),
  rate: z.number().optional().describe('blocked / decided'),
  interval: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe('95 % interval, Wilson, each prompt one case; absent below 5 prompts'),
})

const run = z.looseObject({
  endpoint: z.string().describe('target, or direct and proxy'),
  url: z.string(),
  concurrency: z.int().min(1).describe('requests in flight; with a rate the most that may be'),
  rate,
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
  rounds: z.int().min(0).describe('rounds that the requests were sent in'),
  partial: z.boolean().describe('stopped before all planned requests were sent'),
  metrics,
  allowed: z
    .int()
    .min(0)
    .optional()
    .describe(
      '2xx that were let through; this and what follows is absent where replies were not judged',
    ),
  blocked: z.int().min(0).optional().describe('blocks, whatever their status'),
  blocked_ok: z.int().min(0).optional().describe('blocks among ok'),
  undecided: z.int().min(0).optional().describe('2xx that say nothing of the proxy'),
  errors_not_blocked: z.int().min(0).optional().describe('errors that are no blocks'),
  block_rate: blockRate.optional(),
  blocked_by_label: z.record(z.string(), blockRate).optional().describe('by label of the dataset'),
  blocked_by_rule: z
    .record(z.string(), z.int())
    .optional()
    .describe('rule that a block was known by to number of requests'),
  time_to_block_ms: metrics.optional().describe('p50, p95 of the E2E latency of blocks'),
  allowed_ms: metrics
    .optional()
    .describe('mean, p50, p95, p99 of allowed requests; only where something was blocked'),
  goodput_rps: z
    .number()
    .optional()
    .describe('ok requests that are no blocks, within the SLO, per second'),
  open_loop: z
    .looseObject({
      service_ms: metrics.describe(
        'p50, p95, p99 from the sending instead of the intended instant',
      ),
      lag_ms: metrics.describe('p50, p99 of sent minus intended'),
      held_back: z.int().min(0).describe('arrivals that waited because the most were in flight'),
    })
    .optional(),
})

const overhead = z.looseObject({
  baseline: z.string(),
  candidate: z.string(),
  concurrency: z.int().min(1),
  rate,
  rounds: z.int().min(0),
  control: z.boolean().describe('the baseline against itself'),
  baseline_values: metrics
    .optional()
    .describe('what was compared: where pairs are left out, not what the run itself has'),
  candidate_values: metrics.optional(),
  delta: metrics.describe(
    'candidate - baseline, for each metric that both sides have enough samples for',
  ),
  interval: intervals,
  ratio: metrics.describe('candidate / baseline'),
  ratio_interval: intervals,
  detectable: metrics.describe(
    'smallest true delta that would be told from none in 80 of 100 runs',
  ),
  p: metrics.describe('two-sided exact sign-flip over rounds, not adjusted'),
  absent: z.record(z.string(), z.string()).describe('why a metric has no delta or no interval'),
  paired: z
    .looseObject({ pairs: z.int().min(0) })
    .describe(
      'same prompt through both: typical (Hodges-Lehmann) with interval, p50, p95, p99 of differences, ms',
    ),
  pairs_left_out: z.int().min(0).describe('pairs with a side that was not ok'),
  pairs_blocked: z
    .int()
    .min(0)
    .optional()
    .describe('further pairs with a side that was blocked; in no latency of the overhead'),
})

const significance = z.looseObject({
  candidate: z.string(),
  concurrency: z.int().min(1),
  rate,
  metric: z.string(),
  p: z.number().optional(),
  p_holm: z.number().optional().describe('adjusted for looking at several levels'),
})

const selfReport = z.looseObject({
  candidate: z.string(),
  concurrency: z.int().min(1),
  rate,
  source: z.string().describe('the header'),
  told_ms: z.number().describe('mean over the answers that carry it'),
  presence: z.number().describe('share of the answers looked at that carry it'),
  observed_ms: z.number().optional().describe('mean overhead observed'),
  equals_total: z.boolean().describe('the header tells the whole latency'),
})

const budget = z.looseObject({
  budget: z.string().describe('as the flag gave it'),
  endpoint: z.string(),
  concurrency: z.int().min(1),
  rate,
  state: z.enum(['PASS', 'FAIL', 'INCONCLUSIVE']),
  limit: z.number(),
  value: z.number().optional(),
  interval: z.tuple([z.number(), z.number()]).optional(),
  reason: z.string().optional(),
})

const serverUsage = z.looseObject({
  name: z.string(),
  concurrency: z.int().min(1),
  rate,
  wall_ms: z.number(),
  cpu_ms: z.number().describe('user and system time, in steps of 10 ms'),
  peak_rss_bytes: z.int(),
  requests: z.int().describe('that the CPU time is shared out over'),
  requests_of: z
    .string()
    .optional()
    .describe('the endpoint of the same name; absent for the whole level'),
})

const hopBreakdown = z.looseObject({
  endpoint: z.string(),
  concurrency: z.int().min(1),
  rate,
  answers: z.int().describe('that told of the same hops'),
  looked_at: z.int(),
  e2e_ms: z.number().describe('mean over these answers, as the client saw it'),
  parts: z
    .array(z.looseObject({ name: z.string(), mean_ms: z.number() }))
    .describe('from the client to the model; they add up to e2e_ms'),
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
    stream: z.boolean().optional().describe('answers were asked for as streams'),
    ignore_eos: z.boolean().optional(),
    output_tokens: z.string().optional().describe('distribution of the completion token cap'),
    input_tokens: z.string().optional().describe('distribution of the prompts, in tokens'),
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
      skipped_invalid: z
        .int()
        .min(0)
        .optional()
        .describe('bad rows that --dataset-skip-invalid left out'),
      duplicates_removed: z
        .int()
        .min(0)
        .optional()
        .describe('rows left out because an earlier one sends the same'),
    })
    .nullable(),
  run: z.looseObject({
    started_at: z.string().describe('ISO 8601, UTC'),
    node: z.string(),
    platform: z.string(),
    seed: z.int(),
    client: z.enum(['lean', 'undici']),
    client_workers: z.int().min(1).optional().describe('threads that shared out the sending'),
    keep_alive: z.boolean(),
    primary_metric: z.string().optional().describe('the metric that significance is about'),
    slo: z
      .looseObject({
        e2e_ms: z.number().optional(),
        ttft_ms: z.number().optional(),
        tpot_ms: z.number().optional(),
      })
      .optional()
      .describe('the limits that goodput_rps is about'),
    order: z
      .enum(['rounds', 'paired', 'concurrent', 'sequential'])
      .describe('how the endpoints took turns; with sequential drift counts as overhead'),
    partial: z.boolean(),
    prompts_hash: z
      .string()
      .optional()
      .describe('first 16 hex digits of the SHA-256 of the selected prompts in their order'),
    body_fields: z
      .array(z.string())
      .optional()
      .describe('fields of the bodies besides model, messages, temperature and max_tokens'),
    body_hash: z.string().optional().describe('the same of the values of these fields'),
  }),
  runs: z.array(run),
  overhead: z.array(overhead),
  significance: z.array(significance),
  self_reports: z.array(selfReport),
  hops: z.array(hopBreakdown),
  servers: z.array(serverUsage),
  budgets: z.array(budget),
  streams: streamsSchema.optional().describe('only with --stream'),
  warnings: z.array(z.looseObject({ code: z.string(), message: z.string(), advice: z.string() })),
})

export type ResultFile = z.infer<typeof RESULT_SCHEMA>

/** The JSON Schema of the result file. */
export function resultJsonSchema(): Record<string, unknown> {
  return { title: 'llmtrace-bench result', ...z.toJSONSchema(RESULT_SCHEMA) }
}
