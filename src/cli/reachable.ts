import { connect } from 'node:net'
import { UsageError } from '../model/usage-error.ts'

/** Longest wait for a connection before a run. */
const CONNECT_TIMEOUT_MS = 5000

/** Finds out before a run that an endpoint cannot be connected to. Throws UsageError naming the flag. */
export async function checkReachable(flag: string, url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const problem = await tryConnect(host, Number(port || (protocol === 'https:' ? 443 : 80)))
  if (problem === undefined) return
  throw new UsageError(
    `${flag} ${url} cannot be reached (${problem}); check host and port, and that the server runs`,
  )
}

function tryConnect(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS })
    const settle = (problem: string | undefined) => {
      socket.destroy()
      resolve(problem)
    }
    socket.once('connect', () => settle(undefined))
    socket.once('timeout', () => settle(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`))
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message))
  })
}
