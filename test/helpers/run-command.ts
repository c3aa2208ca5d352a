import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export const ROOT = join(import.meta.dirname, '../..')
/** The built command. */
export const MAIN = join(ROOT, 'dist/cli/main.js')

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly child: ChildProcess
  /** Output so far, stdout and stderr together. */
  output(): string
  readonly finished: Promise<Finished>
}

interface Settings {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

/** Starts a program in a process of its own that cannot outlive `timeoutMs`. */
export function startProgram(
  program: string,
  args: readonly string[],
  { cwd = ROOT, env = {}, timeoutMs = 55_000 }: Settings = {},
): Started {
  const { LLMTRACE_TOKEN: _token, ...inherited } = process.env
  const child = spawn(program, args, {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: timeoutMs,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (piece: Buffer) => {
    stdout += piece.toString()
  })
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString()
  })
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, output: () => stdout + stderr, finished }
}

/** Starts the built command as a user would. */
export function startCommand(args: readonly string[], settings?: Settings): Started {
  return startProgram(process.execPath, [MAIN, ...args], settings)
}

export function runCommand(args: readonly string[], settings?: Settings): Promise<Finished> {
  return startCommand(args, settings).finished
}

/** Where a started server listens. Rejects with what it printed when it does not within 10 s. */
export async function listeningUrl(started: Started): Promise<string> {
  const giveUpAt = Date.now() + 10_000
  while (started.child.exitCode === null && Date.now() < giveUpAt) {
    const [, url] = /listening on (\S+)/.exec(started.output()) ?? []
    if (url !== undefined) return url
    await delay(20)
  }
  throw new Error(`no server listens: ${started.output()}`)
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
