import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ChildServer {
  readonly name: string
  readonly url: string
  readonly pid: number
  /** Resolves with a description when the child ends before `stop` was called; never resolves otherwise. */
  readonly died: Promise<string>
  /** Ends the child in order, by force after 3 s. */
  stop(): Promise<void>
}

const START_TIMEOUT_MS = 10_000
const STOP_TIMEOUT_MS = 3000
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url))

/**
 * Starts a command of ours as a process of its own, so that its CPU is not the client's. Its standard input is a
 * pipe of ours: when this process ends, however it ends, the child sees the input end and stops.
 */
export async function startChildServer(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<ChildServer> {
  // The servers need no token of ours, and what passes through them here belongs in nobody's database.
  const { LLMTRACE_TOKEN: _token, LLMTRACE_BENCH_STORE_URL: _store, ...childEnv } = env
  const child = spawn(
    process.execPath,
    [MAIN, name, '--port', '0', '--stop-with-parent', ...args],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: childEnv,
      // A group of its own: Ctrl-C in a terminal is for us, and we end the child after what is in flight.
      detached: true,
    },
  )
  let stopping = false
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => {
    complaint = `${complaint}${text.toString()}`.slice(-2000)
  })
  // Writing to a dead child's input would be an error of ours.
  child.stdin.on('error', () => {})
  const died = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      if (!stopping)
        resolve(`the ${name} process ended (${signal ?? `exit code ${code}`}) ${complaint}`.trim())
    })
  })
  const stop = async () => {
    stopping = true
    await stopChild(child)
  }
  const url = await Promise.race([
    readUrl(child),
    died.then((text) => Promise.reject(new Error(text))),
  ]).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { name, url, pid: child.pid ?? 0, died, stop }
}

function readUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('a server did not start in time')),
      START_TIMEOUT_MS,
    )
    let text = ''
    child.stdout?.on('data', (piece: Buffer) => {
      text += piece.toString()
      const url = /listening on (\S+)/.exec(text)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(url)
    })
  })
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  child.stdin?.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await ended
  clearTimeout(timer)
}
