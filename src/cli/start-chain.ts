import { UsageMeter } from './managed/usage-meter.ts'
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
  /** Where the proxy's traces are. */
  readonly proxyUrl: string
  /** A line a process, for people. */
  readonly description: string
  /** Measures these processes. */
  readonly meter: UsageMeter
  /** Resolves with the reason when a process ends before `stop`; never resolves otherwise. */
  readonly died: Promise<string>
  stop(): Promise<void>
}

interface Role {
  readonly title: string
  /** Of its row among the server processes. */
  readonly name: string
  /** The only endpoint that it serves. */
  readonly endpoint?: string
}

const DIRECT_APP = { title: 'App before the model', name: 'app of direct', endpoint: 'direct' }
const PROXIED_APP = { title: 'App before the proxy', name: 'app of proxy', endpoint: 'proxy' }

/** Starts the embedded servers, each in a process of its own. Those that started are stopped when one does not. */
export async function startChain(options: ChainOptions): Promise<Chain> {
  const { app, ttft, injectDelay, seed, env } = options
  const started: { readonly role: string; readonly server: ChildServer }[] = []
  const meter = new UsageMeter()
  const start = async (role: Role, name: string, args: readonly string[]) => {
    const server = await startChildServer(name, args, env)
    started.push({ role: role.title, server })
    // It ends by itself when we are gone; see child-server.ts.
    meter.watch({ id: server.pid, name: role.name, endpoint: role.endpoint, endWithUs: false })
    return server
  }
  const stop = async () => {
    await Promise.all(started.map(({ server }) => server.stop()))
    await meter.close()
  }
  try {
    const seeded = ['--seed', String(seed)]
    const latency = ['--ttft', ttft, '--token-time', '0.5ms', '--slowdown', '0.02']
    const model = await start({ title: 'Simulated model', name: 'model' }, 'simulate', [
      ...latency,
      ...seeded,
    ])
    const forwarding = ['--upstream', model.url, '--inject-delay', injectDelay]
    const proxyRole = { title: `Proxy (adds ${injectDelay})`, name: 'proxy', endpoint: 'proxy' }
    const proxy = await start(proxyRole, 'proxy', [...forwarding, ...seeded])
    const ends = app
      ? {
          direct: await start(DIRECT_APP, 'chatbot', ['--upstream', model.url]),
          proxied: await start(PROXIED_APP, 'chatbot', ['--upstream', proxy.url]),
        }
      : { direct: model, proxied: proxy }
    const lines = started.map(({ role, server }) => `${role}: ${server.url} (pid ${server.pid})\n`)
    const died = Promise.race(started.map(({ server }) => server.died))
    return { ...ends, proxyUrl: proxy.url, meter, description: lines.join(''), died, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
