import { createLeanTransport } from './lean-transport.ts'
import type { Transport, TransportOptions } from './transport.ts'
import { createUndiciTransport } from './undici-transport.ts'

/** Which HTTP client carries the requests; `auto` takes `lean` wherever it can. */
export type ClientChoice = 'auto' | 'lean' | 'undici'

/** The client that `choice` comes to for this URL. The lean one speaks plain http without proxies only. */
export function resolveClient(
  choice: ClientChoice,
  url: URL,
  useEnvProxy: boolean,
): 'lean' | 'undici' {
  if (choice !== 'auto') return choice
  return url.protocol === 'http:' && !useEnvProxy ? 'lean' : 'undici'
}

/** How all endpoints of a run are spoken to. Plain data, so that it can go to another thread. */
export interface ClientSettings extends Omit<TransportOptions, 'url' | 'connections' | 'now'> {
  readonly client: ClientChoice
}

export function createTransport(choice: ClientChoice, options: TransportOptions): Transport {
  const client = resolveClient(choice, options.url, options.useEnvProxy)
  return client === 'lean' ? createLeanTransport(options) : createUndiciTransport(options)
}
