import { parseServerTiming } from './headers.ts'

/** A header in which a proxy tells its own latency. */
interface SelfReport {
  readonly header: string
  readonly product: string
  /** What the figure covers: the proxy's own time, or all of it with the model's. */
  readonly kind: 'overhead' | 'total'
  readonly read: (value: string) => number | undefined
}

const milliseconds = (value: string) => {
  const ms = Number(value.trim() || Number.NaN)
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined
}

/**
 * Headers that claim the proxy's own time. A cross-check, never the result: queueing before the proxy's first line of
 * code is invisible to them. A product more is a row more.
 */
export const SELF_REPORTS: readonly SelfReport[] = [
  report('x-litellm-overhead-duration-ms', 'LiteLLM', 'overhead'),
  report('x-litellm-response-duration-ms', 'LiteLLM', 'total'),
  report('x-mlflow-gateway-overhead-duration-ms', 'MLflow', 'overhead'),
  report('x-mlflow-gateway-duration-ms', 'MLflow', 'total'),
  report('x-gateway-overhead-ms', 'Ferro Labs', 'overhead'),
  report('x-kong-proxy-latency', 'Kong', 'overhead'),
  {
    header: 'server-timing',
    product: 'llmtrace-bench proxy',
    kind: 'overhead',
    read: (value) => parseServerTiming(value)['injected'],
  },
]

function report(header: string, product: string, kind: SelfReport['kind']): SelfReport {
  return { header, product, kind, read: milliseconds }
}

/** The first overhead that the headers claim, in ms. */
export function readSelfReport(
  headers: ReadonlyMap<string, string>,
): { readonly source: string; readonly ms: number } | undefined {
  for (const { header, kind, read } of SELF_REPORTS) {
    const value = kind === 'overhead' ? headers.get(header) : undefined
    const ms = value === undefined ? undefined : read(value)
    if (ms !== undefined) return { source: header, ms }
  }
  return undefined
}

const CACHE_HEADER = /^(?:x-(?:.+-)?cache(?:-status|-hit)?|cf-aig-cache-status|helicone-cache)$/

/** Whether a header says that a cache answered instead of the model. */
export function saysCacheHit(headers: ReadonlyMap<string, string>): boolean {
  for (const [name, value] of headers) {
    if (CACHE_HEADER.test(name) && /\bhit\b|^true$/i.test(value)) return true
  }
  return false
}

const RETRY_HEADERS = [
  'x-litellm-attempted-retries',
  'x-litellm-attempted-fallbacks',
  'x-portkey-retry-attempt-count',
]

/** Retries and fallbacks that the headers admit to. */
export function admittedRetries(headers: ReadonlyMap<string, string>): number {
  return RETRY_HEADERS.reduce((sum, name) => {
    // Portkey counts -1 for a retry that was not allowed to help.
    const count = Math.abs(Number(headers.get(name) ?? 0))
    return sum + (Number.isFinite(count) ? count : 0)
  }, 0)
}
