import { fileURLToPath } from 'node:url'
import { startServerProcess } from './server-process.ts'

/** How long each request takes on a server whose own clock the clients are held against. */
export const SERVICE_MS = 5

/** A server that waits `SERVICE_MS` and says in `server-timing` how long it took, in a process of its own. */
export interface TimedServer {
  readonly kind: 'clock server' | 'simulator'
  readonly origin: string
  /** Its own time for each request since the last call, in ms. */
  takeTimes(): Promise<number[]>
  stop(): Promise<void>
}

export async function startClockServer(): Promise<TimedServer> {
  const module = fileURLToPath(new URL('clock-server.ts', import.meta.url))
  const args = ['--import', 'tsx', module, String(SERVICE_MS)]
  const server = startServerProcess(process.execPath, args)
  const [, origin = ''] = await server.waitFor(/listening on (\S+)/)
  const takeTimes = async () => (await (await fetch(`${origin}/times`)).json()) as number[]
  return { kind: 'clock server', origin, takeTimes, stop: () => server.stop() }
}

interface Arrival {
  readonly queueMs?: number
  readonly serviceMs?: number
}

export async function startSimulator(): Promise<TimedServer> {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
  const latency = ['--ttft', `fixed:${SERVICE_MS}ms`, '--token-time', '0']
  // Neither queue nor slowdown: what is injected is what the server's clock has to show.
  const batch = ['--max-batch', '1000', '--slowdown', '0', '--log-limit', '1000000']
  const args = [main, 'simulate', '--port', '0', '--stop-with-parent', ...latency, ...batch]
  const server = startServerProcess(process.execPath, args)
  const [, origin = ''] = await server.waitFor(/listening on (\S+)/)
  const takeTimes = async () => {
    const log = await fetch(`${origin}/simulator/log?limit=1000000`)
    const { entries } = (await log.json()) as { readonly entries: readonly Arrival[] }
    await fetch(`${origin}/simulator/log`, { method: 'DELETE' })
    // One that its client left waiting, as wrk does at its end, has none.
    return entries.flatMap(({ queueMs, serviceMs }) =>
      queueMs === undefined || serviceMs === undefined ? [] : [queueMs + serviceMs],
    )
  }
  return { kind: 'simulator', origin, takeTimes, stop: () => server.stop() }
}
