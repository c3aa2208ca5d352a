import type { Endpoint } from '../model/endpoint.ts'
import type { Plan, RequestSpec } from '../model/plan.ts'
import type { RunOptions } from '../options/run-options.ts'

interface Target {
  readonly flag: string
  readonly endpoint: Endpoint
}

/** The endpoints of a run with the flags that gave them. */
export function targetsOf({ url, directUrl, proxyUrl }: RunOptions): Target[] {
  if (url !== undefined) {
    return [{ flag: '--url', endpoint: { name: 'target', url, baseline: true } }]
  }
  return [
    { flag: '--direct-url', endpoint: { name: 'direct', url: directUrl ?? '', baseline: true } },
    { flag: '--proxy-url', endpoint: { name: 'proxy', url: proxyUrl ?? '', baseline: false } },
  ]
}

export function specOf(options: RunOptions): RequestSpec {
  const { system, prompt, temperature, maxTokens } = options
  return { model: options.model ?? '', system, prompt, temperature, maxTokens }
}

export function planOf(options: RunOptions, promptCount: number): Plan {
  return {
    endpoints: targetsOf(options).map(({ endpoint }) => endpoint),
    concurrencies: options.concurrencyList ?? [options.concurrency],
    requests: options.requests,
    promptCount,
    jitterMs: options.jitterMs,
    seed: options.seed,
    warmupRequests: options.warmupRequests,
  }
}
