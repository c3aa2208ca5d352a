import { z } from 'zod'
import { GATE_OPERATORS, POINT_METRICS, RATE_METRICS } from '../model/gate.ts'
import { EVIDENCE_KINDS, UNDECIDED_REASONS } from '../model/verdict.ts'

const count = z.int().min(0)

/** What was not measured is written as its reason alone. */
function estimate<T extends z.ZodType>(value: T) {
  return z.union([z.object({ value }), z.object({ reason: z.string() })])
}

const interval = z.object({ low: z.number(), high: z.number(), method: z.string() })
const rate = z.object({
  hits: count,
  n: count,
  value: estimate(z.number()),
  interval: estimate(interval),
})
const score = z.object({ n: count, value: estimate(z.number()) })

const scores = z.object({
  truePositives: count,
  falsePositives: count,
  trueNegatives: count,
  falseNegatives: count,
  tpr: rate,
  fpr: rate,
  precision: rate,
  f1: score,
  balancedAccuracy: score,
  mcc: score,
})

const breakdown = z.object({
  dimension: z.string(),
  slices: z.array(z.object({ name: z.string(), cases: count, undecided: count, scores })),
})

const unstable = z.object({
  caseId: z.string(),
  label: z.enum(['benign', 'malicious']),
  blocked: count,
  allowed: count,
  undecided: count,
})

const NEVER_COUNTED = { reason: 'the file is of a version that did not count it' }

const UNKNOWN_RATE = { hits: 0, n: 0, value: NEVER_COUNTED, interval: NEVER_COUNTED }

const detection = z.object({
  cases: count,
  coverage: z.object({
    decided: rate,
    undecided: z.array(z.object({ reason: z.enum(UNDECIDED_REASONS), cases: count })),
  }),
  enforced: scores,
  detected: estimate(scores),
  breakdowns: z.array(breakdown),
  overDefence: z.object({
    blocked: rate,
    byTriggerWords: z.array(z.object({ words: z.number(), blocked: rate })),
  }),
  twins: z.object({
    separated: count,
    blockedBoth: count,
    allowedBoth: count,
    inverted: count,
    undecided: count,
    separation: rate,
  }),
  repeats: z.object({
    flipped: rate,
    caseIds: z.array(z.string()),
    unstable: z.array(unstable).default([]),
    alwaysBlocked: rate.default(UNKNOWN_RATE),
  }),
  modelRefused: z.object({ malicious: count, benign: count }),
  rules: z.array(
    z.object({ rule: z.string(), kind: z.string(), by: z.string().optional(), cases: count }),
  ),
})

const gate = z.object({
  gate: z.object({
    matrix: z.enum(['enforced', 'detected']),
    of: z.object({
      metric: z.enum([...RATE_METRICS, ...POINT_METRICS]),
      bound: z.enum(['lower', 'upper']).optional(),
    }),
    operator: z.enum(GATE_OPERATORS),
    limit: z.number(),
  }),
  state: z.enum(['PASS', 'FAIL']),
  actual: z.number().optional(),
  n: count,
  reason: z.string().optional(),
})

const verdict = z.object({
  kind: z.enum(['allowed', 'flagged', 'modified', 'blocked', 'undecided']),
  rule: z.string(),
  evidence: z.array(
    z.object({ kind: z.enum(EVIDENCE_KINDS), field: z.string(), quote: z.string() }),
  ),
  modelRefused: z.boolean(),
  detected: z.boolean().optional(),
  stage: z.enum(['request', 'response']).optional(),
  by: z.enum(['proxy', 'provider']).optional(),
  reason: z.enum(UNDECIDED_REASONS).optional(),
})

/** As much of the file of a probe as is read again. */
export const PROBE_SCHEMA = z.object({
  tool: z.object({ name: z.string(), version: z.string() }),
  spec: z.object({
    model: z.string(),
    system: z.string().optional(),
    temperature: z.number().optional(),
    max_tokens: z.number().optional(),
  }),
  headers: z.object({ has_token: z.boolean(), agent_id: z.string().nullable() }),
  endpoints: z.array(z.object({ name: z.string(), url: z.string(), baseline: z.boolean() })),
  judged: z.string().optional(),
  run: z.object({ started_at: z.string(), partial: z.boolean() }),
  detection: detection.optional(),
  gates: z.array(gate),
  cases: z.array(
    z.object({
      id: z.string(),
      label: z.enum(['benign', 'malicious']).optional(),
      category: z.string().optional(),
      subcategory: z.string().optional(),
      endpoint: z.string(),
      repeat: z.int().min(1).default(1),
      attempt: count,
      last: z.boolean(),
      status: z.int().optional(),
      latency_ms: z.number(),
      head_ms: z.number().optional(),
      verdict,
      preview: z.string(),
      prompt_digest: z.string().optional(),
    }),
  ),
})
