import type { Transport } from '../../src/transport/transport.ts'
import { createTransport } from './shipped.ts'
import { BODY, HEADERS } from './workload.ts'

export type OwnClient = 'lean' | 'undici'

export const ownRequests = [{ method: 'POST', headers: HEADERS, body: Buffer.from(BODY) }] as const

/** A transport of ours, as the command line opens it. */
export function openOwnTransport(
  client: OwnClient,
  url: URL,
  options: { readonly connections: number; readonly captureHeaders: boolean },
): Transport {
  return createTransport(client, {
    url,
    ...options,
    timeoutMs: 60_000,
    keepAlive: true,
    insecure: false,
    useEnvProxy: false,
    now: () => performance.now(),
  })
}
