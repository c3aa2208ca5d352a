import { type ChildProcess, spawn } from 'node:child_process'

const STOP_TIMEOUT_MS = 5000
/** Kept of what a server prints, to tell why it ended. */
const KEPT_OUTPUT = 2000

export interface ManagedServer {
  readonly name: string
  readonly pid: number
  /** Resolves with a description when it ends before `stop`; never resolves otherwise. */
  readonly died: Promise<string>
  /** Asks the server and all that it started to end, and makes them after 5 s. */
  stop(): Promise<void>
}

/**
 * Starts a command through the shell in a process group of its own, which is what makes it possible to end all of it.
 * Rejects when the shell cannot be started.
 */
export async function startManagedServer(
  name: string,
  command: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ManagedServer> {
  const child = spawn('/bin/sh', ['-c', command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env },
    detached: true,
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => {
      printed = `${printed}${piece.toString()}`.slice(-KEPT_OUTPUT)
    })
  }
  let stopping = false
  const died = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      if (stopping) return
      const how = signal ?? `exit code ${code}`
      resolve(`${name} ended (${how})${printed === '' ? '' : `; it printed last:\n${printed}`}`)
    })
  })
  return {
    name,
    pid: child.pid ?? 0,
    died,
    async stop() {
      stopping = true
      await stopGroup(child)
    },
  }
}

async function stopGroup(child: ChildProcess): Promise<void> {
  const { pid } = child
  if (pid === undefined) return
  const deadline = performance.now() + STOP_TIMEOUT_MS
  signalGroup(pid, 'SIGTERM')
  while (isGroupAlive(pid)) {
    if (performance.now() > deadline) {
      signalGroup(pid, 'SIGKILL')
      return
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    // ESRCH: nothing of it is left.
    return false
  }
}

/** A shell that ended may have left servers behind in its group. */
function isGroupAlive(pid: number): boolean {
  return signalGroup(pid, 0)
}
