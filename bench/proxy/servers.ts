import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const START_MS = 20_000
/** Longer than any run; what outlives it is ended all the same. */
const LIMIT_MS = 1_800_000

export interface BenchServer {
  readonly name: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Resident memory, MB. */
  memoryMb(): Promise<number>
  stop(): Promise<void>
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The upstream that all share: reads a body and answers at once. */
export function startUpstream(): Promise<BenchServer> {
  const module = fileURLToPath(new URL('upstream.ts', import.meta.url))
  return listen('upstream', ['--import', 'tsx', module])
}

/** Our built command with these flags. */
export function startOurs(
  name: string,
  upstream: string,
  flags: readonly string[],
): Promise<BenchServer> {
  const main = `${ROOT}dist/cli/main.js`
  const args = ['proxy', '--port', '0', '--upstream', upstream, '--stop-with-parent', ...flags]
  return listen(name, [main, ...args])
}

/** Portkey's gateway of npm, with none of its guardrails. */
export async function startPortkey(upstream: string): Promise<BenchServer> {
  const port = await freePort()
  const main = `${ROOT}node_modules/@portkey-ai/gateway/build/start-server.js`
  const child = start([main, `--port=${port}`, '--headless'])
  const url = `http://127.0.0.1:${port}`
  const headers = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1` }
  const giveUpAt = Date.now() + START_MS
  while (!(await isUp(url))) {
    if (child.exitCode !== null || Date.now() > giveUpAt) throw new Error('Portkey did not start')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return server('Portkey', url, child, headers)
}

async function listen(name: string, args: readonly string[]): Promise<BenchServer> {
  const child = start(args)
  let output = ''
  child.stderr?.on('data', (piece: Buffer) => {
    output += piece.toString()
  })
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} did not start: ${output}`)), START_MS)
    child.stdout?.on('data', (piece: Buffer) => {
      output += piece.toString()
      const [, found] = /listening on (\S+)/.exec(output) ?? []
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${output}`)))
  })
  return server(name, url, child, {})
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: LIMIT_MS })
}

function server(
  name: string,
  url: string,
  child: ChildProcess,
  headers: Readonly<Record<string, string>>,
): BenchServer {
  child.stdout?.resume()
  child.stderr?.resume()
  return {
    name,
    url,
    headers,
    async memoryMb() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(timer)
    },
  }
}

async function isUp(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined)
  await response?.arrayBuffer()
  return response !== undefined
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
