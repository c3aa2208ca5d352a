import { UsageError } from '../../model/usage-error.ts'
import type { RunOptions } from '../../options/run-options.ts'
import type { Io } from '../io.ts'
import { type ManagedServer, startManagedServer } from './managed-server.ts'
import { UsageMeter } from './usage-meter.ts'
import { waitOn } from './wait-on.ts'

export interface ManagedServers {
  /** Aborted when a server ends by itself; what it printed is on stderr then. */
  readonly signal: AbortSignal
  /** Undefined where nothing was started. */
  readonly meter: UsageMeter | undefined
  stop(): Promise<void>
}

type ManagedOptions = Pick<RunOptions, 'start' | 'waitOn' | 'waitSeconds'>

/** Starts the servers of `--start` and waits for the URLs of `--wait-on`. Stops what it started when that fails. */
export async function startManagedServers(
  options: ManagedOptions,
  io: Io,
  signal: AbortSignal,
): Promise<ManagedServers> {
  const servers: ManagedServer[] = []
  const meter = options.start.length === 0 ? undefined : new UsageMeter()
  const death = new AbortController()
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()))
    await meter?.close()
  }
  try {
    if (process.platform === 'win32' && options.start.length > 0) {
      throw new UsageError(
        '--start needs a POSIX shell; start the server yourself, and use --wait-on',
      )
    }
    for (const { name, command } of options.start) {
      const server = await startManagedServer(name, command, io.env)
      servers.push(server)
      meter?.watch({ id: server.pid, name, endWithUs: true })
      io.stdout(`Started ${name} (pid ${server.pid})\n`)
      void server.died.then((text) => {
        io.stderr(`\n${text}\n`)
        death.abort()
        return undefined
      })
    }
    const either = AbortSignal.any([signal, death.signal])
    for (const url of options.waitOn) await waitOn(url, options.waitSeconds * 1000, either)
  } catch (error) {
    await stop()
    if (!death.signal.aborted) throw error
    throw new UsageError(
      'a server of --start ended before it was ready; see above, and try its command alone',
    )
  }
  return { signal: death.signal, meter, stop }
}
