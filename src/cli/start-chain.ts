import { type ChildServer, startChildServer } from './child-server.ts'

export interface ChainOptions {
  /** Put the app before both the model and the proxy, as its users reach them. */
  readonly app: boolean
  readonly ttft: string
  readonly injectDelay: string
  readonly seed: number
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface Chain {
  /** Without the proxy on the way, and with it. */
  readonly direct: ChildServer
  readonly proxied: ChildServer
  /** A line a process, for people. */
  readonly description: string
  /** Resolves with the reason when a process ends before `stop`; never resolves otherwise. */
  readonly died: Promise<string>
  stop(): Promise<void>
}

/** Starts the embedded servers, each in a process of its own. Those that started are stopped when one does not. */
export async function startChain(options: ChainOptions): Promise<Chain> {
  const { app, ttft, injectDelay, seed, env } = options
  const started: { readonly role: string; readonly server: ChildServer }[] = []
  const start = async (role: string, name: string, args: readonly string[]) => {
    const server = await startChildServer(name, args, env)
    started.push({ role, server })
    return server
  }
  const stop = async () => {
    await Promise.all(started.map(({ server }) => server.stop()))
  }
  try {
    const seeded = ['--seed', String(seed)]
    const latency = ['--ttft', ttft, '--token-time', '0.5ms', '--slowdown', '0.02']
    const model = await start('Simulated model', 'simulate', [...latency, ...seeded])
    const forwarding = ['--upstream', model.url, '--inject-delay', injectDelay]
    const proxy = await start(`Proxy (adds ${injectDelay})`, 'proxy', [...forwarding, ...seeded])
    const ends = app
      ? {
          direct: await start('App before the model', 'chatbot', ['--upstream', model.url]),
          proxied: await start('App before the proxy', 'chatbot', ['--upstream', proxy.url]),
        }
      : { direct: model, proxied: proxy }
    const lines = started.map(({ role, server }) => `${role}: ${server.url} (pid ${server.pid})\n`)
    const died = Promise.race(started.map(({ server }) => server.died))
    return { ...ends, description: lines.join(''), died, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
