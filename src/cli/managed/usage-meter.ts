import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Level } from '../../model/level.ts'
import type { ProcessUsage } from '../../model/process-usage.ts'
import type { FromWatcher, ToWatcher, WatchedGroup } from './watcher-messages.ts'

const WATCHER = fileURLToPath(new URL('./watcher.js', import.meta.url))

type Reading = FromWatcher['groups']

/** Measures server processes level by level, through a watcher process. */
export class UsageMeter {
  private readonly waiting = new Map<number, (groups: Reading) => void>()
  private nextId = 0
  private readonly child: ChildProcess

  constructor() {
    this.child = fork(WATCHER, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.child.on('message', ({ id, groups }: FromWatcher) => {
      this.waiting.get(id)?.(groups)
      this.waiting.delete(id)
    })
    // A watcher that died tells nothing more; the run does not wait for it.
    this.child.once('exit', () => {
      for (const resolve of this.waiting.values()) resolve([])
      this.waiting.clear()
    })
  }

  watch(group: WatchedGroup): void {
    this.send({ kind: 'watch', group })
  }

  /** Begins a level; the function that it gives ends it, and resolves to what the processes used meanwhile. */
  startLevel(level: Level): () => Promise<ProcessUsage[]> {
    const startedAt = performance.now()
    const before = this.read()
    return async () => {
      const wallMs = performance.now() - startedAt
      const after = this.read()
      const earlier = new Map((await before).map(({ name, cpuMs }) => [name, cpuMs]))
      return (await after).flatMap(({ name, endpoint, cpuMs, peakRssBytes }): ProcessUsage[] => {
        const from = earlier.get(name)
        return from === undefined
          ? []
          : [{ name, endpoint, level, wallMs, cpuMs: cpuMs - from, peakRssBytes }]
      })
    }
  }

  /** Ends the watcher; it ends what is watched and still runs. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = once(this.child, 'exit')
    if (this.child.connected) this.child.disconnect()
    await ended
  }

  private read(): Promise<Reading> {
    const id = this.nextId
    this.nextId += 1
    return new Promise((resolve) => {
      this.waiting.set(id, resolve)
      if (!this.send({ kind: 'read', id })) {
        this.waiting.delete(id)
        resolve([])
      }
    })
  }

  private send(message: ToWatcher): boolean {
    if (!this.child.connected) return false
    this.child.send(message)
    return true
  }
}
