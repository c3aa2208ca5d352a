import { spawn } from 'node:child_process'

/** Longer than any run; a server that outlives it is ended all the same. */
const LIMIT_MS = 1_800_000
const START_MS = 10_000

export interface ServerProcess {
  /** Resolves when the server has printed a match; rejects when it ended or took too long. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
  stop(): Promise<void>
}

/** Starts a server that stops when its standard input ends, so that none outlives us, however we end. */
export function startServerProcess(command: string, args: readonly string[]): ServerProcess {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: LIMIT_MS })
  let output = ''
  const take = (piece: Buffer) => {
    output += piece.toString()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  child.stdin.on('error', () => {})
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      output += error.message
      resolve()
    })
    child.once('exit', () => resolve())
  })
  return {
    async waitFor(pattern) {
      const deadline = performance.now() + START_MS
      while (performance.now() < deadline && child.exitCode === null) {
        const match = pattern.exec(output)
        if (match !== null) return match
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      throw new Error(`${command} did not start: ${output.trim()}`)
    },
    async stop() {
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
      await ended
      clearTimeout(timer)
    },
  }
}
