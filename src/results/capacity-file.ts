import type { Slo } from '../model/budget.ts'
import type { Capacity } from '../model/capacity.ts'
import type { RunHead } from '../model/run-record.ts'

/** Raised when a reader of an older version could misread a file. */
export const CAPACITY_VERSION = 1

/** The object that `--output-json` writes for `--find-capacity`. */
export function buildCapacityResult(
  head: RunHead,
  capacities: readonly Capacity[],
  { slo, share }: { readonly slo: Slo; readonly share: number },
) {
  return {
    capacity_version: CAPACITY_VERSION,
    tool: head.tool,
    spec: { model: head.spec.model, max_tokens: head.spec.maxTokens },
    run: { started_at: head.startedAt, seed: head.plan.seed, arrival: head.plan.arrival },
    slo: { e2e_ms: slo.e2eMs, ttft_ms: slo.ttftMs, tpot_ms: slo.tpotMs, share },
    capacity: capacities.map(({ endpoint, rate, failingRate, trials, limitedByClient }) => ({
      endpoint,
      url: head.plan.endpoints.find(({ name }) => name === endpoint)?.url,
      ...(rate.value === undefined ? { absent: rate.reason } : { rate: rate.value }),
      ...(failingRate === undefined ? {} : { failing_rate: failingRate }),
      limited_by_client: limitedByClient,
      trials: trials.map((trial) => ({
        rate: trial.rate,
        requests: trial.requests,
        attainment: trial.attainment.value,
        lag_p99_ms: trial.lagP99Ms,
        held_back: trial.heldBack,
        passed: trial.passed,
      })),
    })),
  }
}
