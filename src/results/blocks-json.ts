import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Label } from '../model/prompt.ts'
import type { BlockFigures, BlockRate, Interval, Summary } from '../model/summary.ts'
import { pairJson, present, round } from './comparison-json.ts'
import { estimate, type Json, number, record } from './result-values.ts'

/** The keys that verdicts add to one of a result file's `runs`. */
export function blocksJson(figures: BlockFigures) {
  const { allowed, blocked, blockedOk, undecided, errors, byLabel, rules } = figures
  return {
    allowed,
    blocked,
    blocked_ok: blockedOk,
    undecided,
    errors_not_blocked: errors,
    block_rate: rateJson(figures.rate),
    blocked_by_label: Object.fromEntries(byLabel.map(({ label, rate }) => [label, rateJson(rate)])),
    blocked_by_rule: Object.fromEntries(rules.map(({ rule, requests }) => [rule, requests])),
    time_to_block_ms: present(Object.entries(figures.timeToBlock)),
    allowed_ms: present(Object.entries(figures.allowedLatency)),
  }
}

function rateJson({ blocked, decided, prompts, value, interval }: BlockRate) {
  return {
    blocked,
    decided,
    prompts,
    ...(value.value === undefined ? {} : { rate: round(value.value, 6) }),
    ...(interval.value === undefined ? {} : { interval: pairJson(interval.value) }),
  }
}

/** Back from the file; empty where it says nothing of blocks. */
export function readBlocks(run: Json): Pick<Summary, 'blocks'> {
  if (typeof run['blocked'] !== 'number') return {}
  const times = record(run['time_to_block_ms'])
  const allowed = record(run['allowed_ms'])
  const count = (key: string) => number(run[key]) ?? 0
  return {
    blocks: {
      allowed: count('allowed'),
      blocked: count('blocked'),
      blockedOk: count('blocked_ok'),
      undecided: count('undecided'),
      errors: count('errors_not_blocked'),
      rate: readRate(run['block_rate']),
      timeToBlock: { p50: estimate(times['p50']), p95: estimate(times['p95']) },
      allowedLatency: {
        mean: estimate(allowed['mean']),
        p50: estimate(allowed['p50']),
        p95: estimate(allowed['p95']),
        p99: estimate(allowed['p99']),
      },
      byLabel: Object.entries(record(run['blocked_by_label'])).map(([label, rate]) => ({
        label: label as Label,
        rate: readRate(rate),
      })),
      rules: Object.entries(record(run['blocked_by_rule'])).map(([rule, requests]) => ({
        rule,
        requests: number(requests) ?? 0,
      })),
    },
  }
}

function readRate(value: unknown): BlockRate {
  const rate = record(value)
  const [low, high] = Array.isArray(rate['interval']) ? (rate['interval'] as unknown[]) : []
  const interval: Estimate<Interval> =
    typeof low === 'number' && typeof high === 'number'
      ? measured({ low, high, method: 'wilson' })
      : unmeasured('needs 5')
  return {
    blocked: number(rate['blocked']) ?? 0,
    decided: number(rate['decided']) ?? 0,
    prompts: number(rate['prompts']) ?? 0,
    value: estimate(rate['rate']),
    interval,
  }
}
