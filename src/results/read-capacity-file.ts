import { z } from 'zod'
import type { Capacity } from '../model/capacity.ts'
import { measured, unmeasured } from '../model/estimate.ts'
import type { Page } from '../model/page.ts'
import { ARRIVALS } from '../model/plan.ts'
import { CAPACITY_VERSION } from './capacity-file.ts'
import { checkedFile, markedJson } from './checked-file.ts'

const trial = z.object({
  rate: z.number(),
  requests: z.int().min(0),
  attainment: z.number().optional(),
  lag_p99_ms: z.number(),
  held_back: z.int().min(0),
  passed: z.boolean(),
})

const endpoint = z.object({
  endpoint: z.string(),
  url: z.string().optional(),
  rate: z.number().optional(),
  absent: z.string().optional(),
  failing_rate: z.number().optional(),
  limited_by_client: z.boolean(),
  trials: z.array(trial),
})

const SCHEMA = z.object({
  tool: z.object({ name: z.string(), version: z.string() }),
  spec: z.object({ model: z.string(), max_tokens: z.number().optional() }),
  run: z.object({ started_at: z.string(), seed: z.number(), arrival: z.enum(ARRIVALS) }),
  slo: z.object({
    e2e_ms: z.number().optional(),
    ttft_ms: z.number().optional(),
    tpot_ms: z.number().optional(),
    share: z.number(),
  }),
  capacity: z.array(endpoint),
})

export type CapacityPage = Page & Required<Pick<Page, 'capacity'>>

/**
 * Reads a capacity search back into what a page and its table are made of; undefined where the text is no such file.
 * Throws UsageError, naming `path`, where it is a damaged one.
 */
export function readCapacityFile(path: string, text: string): CapacityPage | undefined {
  const value = markedJson(text, 'capacity_version')
  if (value === undefined) return undefined
  const kind = { key: 'capacity_version', newest: CAPACITY_VERSION }
  const { tool, spec, run, slo, capacity } = checkedFile(path, value, { ...kind, schema: SCHEMA })
  return {
    head: {
      tool,
      startedAt: run.started_at,
      endpoints: capacity.map(({ endpoint: name, url = '' }, index) => ({
        name,
        url,
        baseline: index === 0,
      })),
      spec: {
        model: spec.model,
        ...(spec.max_tokens === undefined ? {} : { maxTokens: spec.max_tokens }),
      },
      hasToken: undefined,
      agentId: undefined,
      partial: false,
      plan: { seed: run.seed, arrival: run.arrival },
      machine: {},
    },
    capacity: {
      capacities: capacity.map((one) => capacityOf(one)),
      slo: { e2eMs: slo.e2e_ms, ttftMs: slo.ttft_ms, tpotMs: slo.tpot_ms },
      share: slo.share,
    },
  }
}

function capacityOf(one: z.infer<typeof endpoint>): Capacity {
  return {
    endpoint: one.endpoint,
    rate: one.rate === undefined ? unmeasured(one.absent ?? 'not in the file') : measured(one.rate),
    failingRate: one.failing_rate,
    limitedByClient: one.limited_by_client,
    trials: one.trials.map(({ rate, requests, attainment, passed, ...rest }) => ({
      rate,
      requests,
      attainment: attainment === undefined ? unmeasured('nothing was sent') : measured(attainment),
      lagP99Ms: rest.lag_p99_ms,
      heldBack: rest.held_back,
      passed,
    })),
  }
}
