import { fileURLToPath } from 'node:url'
import { startServerProcess } from '../client/server-process.ts'
import { FIRST_MS, NEXT_MS } from './workload.ts'

/** A server that streams, in a process of its own, and keeps its own time to the first chunk of each stream. */
export interface StreamServer {
  readonly kind: 'stream server' | 'simulator'
  /** Where streams come chunk by chunk. */
  readonly pacedUrl: string
  /** Its own TTFT of each stream since the last call, ms. */
  takeTtft(): Promise<number[]>
  stop(): Promise<void>
}

/** The leanest one; `burstUrl` is where chunks come without a delay. */
export async function startStreamServer(): Promise<StreamServer & { readonly burstUrl: string }> {
  const module = fileURLToPath(new URL('stream-server.ts', import.meta.url))
  const server = startServerProcess(process.execPath, ['--import', 'tsx', module])
  const [, origin = ''] = await server.waitFor(/listening on (\S+)/)
  return {
    kind: 'stream server',
    pacedUrl: `${origin}/paced`,
    burstUrl: `${origin}/burst`,
    takeTtft: async () => (await (await fetch(`${origin}/times`)).json()) as number[],
    stop: () => server.stop(),
  }
}

interface Arrival {
  readonly at: number
  readonly firstTokenAt?: number
}

export async function startSimulator(): Promise<StreamServer> {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
  const latency = ['--ttft', `fixed:${FIRST_MS}ms`, '--token-time', `${NEXT_MS}ms`]
  // Neither queue nor slowdown: what is injected is what its clock has to show.
  const batch = ['--max-batch', '1000', '--slowdown', '0', '--log-limit', '1000000']
  const args = [main, 'simulate', '--port', '0', '--stop-with-parent', ...latency, ...batch]
  const server = startServerProcess(process.execPath, args)
  const [, origin = ''] = await server.waitFor(/listening on (\S+)/)
  return {
    kind: 'simulator',
    pacedUrl: `${origin}/v1/chat/completions`,
    async takeTtft() {
      const log = await fetch(`${origin}/simulator/log?limit=1000000`)
      const { entries } = (await log.json()) as { readonly entries: readonly Arrival[] }
      await fetch(`${origin}/simulator/log`, { method: 'DELETE' })
      return entries.flatMap(({ at, firstTokenAt }) =>
        firstTokenAt === undefined ? [] : [firstTokenAt - at],
      )
    },
    stop: () => server.stop(),
  }
}
