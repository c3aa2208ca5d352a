import { monotonicClock } from '../engine/monotonic-clock.ts'
import { namedEndpoints } from '../options/named-endpoints.ts'
import type { RunOptions } from '../options/run-options.ts'
import {
  type ClientSettings,
  createTransport,
  resolveClient,
} from '../transport/create-transport.ts'
import type { Transport } from '../transport/transport.ts'

/** A transport to this URL as the options ask for it. */
export function openTransport(options: RunOptions, url: URL, connections: number): Transport {
  const settings = clientSettings(options)
  return createTransport(settings.client, {
    ...settings,
    url,
    connections,
    now: () => monotonicClock.now(),
  })
}

export function clientSettings(options: RunOptions): ClientSettings {
  return {
    client: clientFor(options),
    timeoutMs: options.timeoutSeconds * 1000,
    keepAlive: !options.noKeepalive,
    insecure: options.insecure,
    useEnvProxy: options.useEnvProxy,
    captureHeaders: false,
    ...(options.stream ? { stream: { cancelAfter: options.cancelAfter } } : {}),
  }
}

/** One client for all endpoints of a run, or the arms would differ by more than the proxy. */
export function clientFor(options: RunOptions): 'lean' | 'undici' {
  const clients = namedEndpoints(options).map(({ url }) =>
    resolveClient(options.client, new URL(url), options.useEnvProxy),
  )
  return clients.includes('undici') ? 'undici' : 'lean'
}
