import { readGroupUsage } from './read-group-usage.ts'
import type { FromWatcher, ToWatcher, WatchedGroup } from './watcher-messages.ts'

/*
 * A process of its own beside the run. It looks at the servers' CPU and memory, which would cost the client
 * milliseconds, and it outlives the client by a moment: when that is gone, however it went, it ends the servers.
 */

const PERIOD_MS = 500

const watched = new Map<number, WatchedGroup>()
const peaks = new Map<number, number>()

function look() {
  const usage = readGroupUsage([...watched.keys()])
  for (const [group, { rssBytes }] of usage) {
    peaks.set(group, Math.max(peaks.get(group) ?? 0, rssBytes))
  }
  return usage
}

process.on('message', (message: ToWatcher) => {
  if (message.kind === 'watch') {
    watched.set(message.group.id, message.group)
    return
  }
  const usage = look()
  const groups = [...watched.values()].flatMap(({ id, name, endpoint }) => {
    const one = usage.get(id)
    return one === undefined
      ? []
      : [{ name, endpoint, cpuMs: one.cpuMs, peakRssBytes: peaks.get(id) ?? one.rssBytes }]
  })
  peaks.clear()
  const answer: FromWatcher = { id: message.id, groups }
  process.send?.(answer)
})

const timer = setInterval(look, PERIOD_MS)

// Ctrl-C in a terminal reaches all of its processes; when to end is the client's to say.
process.on('SIGINT', () => {})

function endAll(): void {
  clearInterval(timer)
  for (const { id, endWithUs } of watched.values()) {
    if (endWithUs) killGroup(id)
  }
}

process.on('disconnect', endAll)
// The client may be gone before this line is reached, and then says so no more.
if (!process.connected) endAll()

function killGroup(id: number): void {
  try {
    process.kill(-id, 'SIGKILL')
  } catch {
    // It has ended already, as it should.
  }
}
