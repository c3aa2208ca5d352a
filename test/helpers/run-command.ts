import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'dist/cli/main.js')

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Started {
  readonly child: ChildProcess
  /** Output so far, stdout and stderr together. */
  output(): string
  readonly finished: Promise<Finished>
}

interface Settings {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the built command as a user would, in a process of its own that cannot outlive `timeoutMs`. */
export function startCommand(
  args: readonly string[],
  { cwd = ROOT, env = {} }: Settings = {},
): Started {
  const { LLMTRACE_TOKEN: _token, ...inherited } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 55_000,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (piece: Buffer) => {
    stdout += piece.toString()
  })
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString()
  })
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, output: () => stdout + stderr, finished }
}

export function runCommand(args: readonly string[], settings?: Settings): Promise<Finished> {
  return startCommand(args, settings).finished
}

/** Whether a process of this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
