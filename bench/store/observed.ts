import type { ExchangeRecord } from '../../src/servers/proxy/exchange-record.ts'
import type { Observability } from '../../src/servers/proxy/observability.ts'
import type { StoreSpec } from '../../src/servers/proxy/store/store-spec.ts'

// As it is built: the store's thread starts from a file of dist/.
const built = (file: string) => new URL(`../../dist/servers/proxy/${file}.js`, import.meta.url).href
const { startObservability } = (await import(
  built('observability')
)) as typeof import('../../src/servers/proxy/observability.ts')
const { PROXY_DEFAULTS } = (await import(
  built('proxy-options')
)) as typeof import('../../src/servers/proxy/proxy-options.ts')

export type Observed = Observability

/** All of the proxy but the forwarding, with a store. */
export function observe(store: StoreSpec): Promise<Observed> {
  const warn = (line: string) => console.error(line)
  const options = { ...PROXY_DEFAULTS, upstream: 'http://127.0.0.1:9', store, warn }
  return startObservability(options, () => 0)
}

let made = 0

/** A record as detectors leave it: a prompt of 1 kB, every tenth with a finding. */
export function makeRecord(): ExchangeRecord {
  made += 1
  const suspicious = made % 10 === 0
  return {
    traceId: made.toString(16).padStart(32, '0'),
    spanId: made.toString(16).padStart(16, '0'),
    parentSpanId: undefined,
    tenantId: 'bench',
    agentId: undefined,
    startedAt: Date.now(),
    durationMs: 12.5,
    analysisMs: 0.25,
    upstreamMs: 11.5,
    timeToFirstTokenMs: undefined,
    method: 'POST',
    path: '/v1/chat/completions',
    model: 'simulated',
    stream: false,
    status: 200,
    action: suspicious ? 'flag' : 'allow',
    blockedStage: undefined,
    score: suspicious ? 60 : undefined,
    findings: suspicious
      ? [
          {
            type: 'prompt_injection',
            severity: 'Medium',
            confidence: 0.8,
            description: 'The prompt asks to disregard earlier instructions.',
            rule: 'override/ignore-previous',
            location: 'request.messages[0]',
            evidence: 'ignore all previous instructions',
          },
        ]
      : [],
    prompt: `user: ${made} ${'word '.repeat(200)}`,
    response: `${made} ${'word '.repeat(40)}`,
    promptTokens: 200,
    completionTokens: 40,
    error: undefined,
  }
}
