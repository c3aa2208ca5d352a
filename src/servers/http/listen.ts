import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Listening {
  readonly url: string
  readonly port: number
  /** Stops accepting, lets what is in flight finish for `graceMs`, then ends it. */
  readonly close: (graceMs: number) => Promise<void>
}

/** Connections that wait to be accepted: a client opens all of its own at once. */
const BACKLOG = 4096

/** A client's pool outlives node's default of 5 s between two levels of a run. */
const KEEP_ALIVE_MS = 600_000

/** Listens; port 0 takes a free one. Rejects when that cannot be done. */
export async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  server.keepAliveTimeout = KEEP_ALIVE_MS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: BACKLOG }, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    close: (graceMs) => finish(server, graceMs),
  }
}

async function finish(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A kept connection is closed once its answer is out; node looks for idle ones only when told to.
  const sweep = setInterval(() => server.closeIdleConnections(), 20)
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(sweep)
  clearTimeout(timer)
}
