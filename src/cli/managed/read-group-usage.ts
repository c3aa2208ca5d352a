import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** CPU time and resident memory of a process group. */
export interface GroupUsage {
  readonly cpuMs: number
  readonly rssBytes: number
}

/** Linux tells times in these, on every architecture that Node runs on. */
const TICK_MS = 10

/** Reads the usage of process groups by their ids: from /proc, or where there is none from `ps`. */
export function readGroupUsage(groups: readonly number[]): Map<number, GroupUsage> {
  const found = process.platform === 'linux' ? fromProc() : fromPs()
  const usage = new Map<number, GroupUsage>()
  for (const { group, cpuMs, rssBytes } of found) {
    if (!groups.includes(group)) continue
    const before = usage.get(group) ?? { cpuMs: 0, rssBytes: 0 }
    usage.set(group, { cpuMs: before.cpuMs + cpuMs, rssBytes: before.rssBytes + rssBytes })
  }
  return usage
}

type Row = GroupUsage & { readonly group: number }

function fromProc(): Row[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      return parseProc(
        readFileSync(`/proc/${pid}/stat`, 'latin1'),
        readFileSync(`/proc/${pid}/status`, 'latin1'),
      )
    } catch {
      // It ended meanwhile.
      return []
    }
  })
}

/** One process from its `stat` and `status` (proc(5)); times of children that it waited for are its own. */
export function parseProc(stat: string, status: string): Row[] {
  // The name may hold spaces and parentheses; the fields begin behind the last one, with the state, field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const field = (number: number) => Number(fields[number - 3])
  const ticks = field(14) + field(15) + field(16) + field(17)
  if (!Number.isFinite(ticks)) return []
  const rssKb = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0)
  return [{ group: field(5), cpuMs: ticks * TICK_MS, rssBytes: rssKb * 1024 }]
}

function fromPs(): Row[] {
  const text = execFileSync('ps', ['-A', '-o', 'pgid=', '-o', 'time=', '-o', 'rss='], {
    encoding: 'latin1',
  })
  return text.split('\n').flatMap((line) => parsePs(line))
}

/** A line of POSIX `ps`: group, CPU time as `[[dd-]hh:]mm:ss[.cc]`, resident kilobytes. */
export function parsePs(line: string): Row[] {
  const match = /^\s*(\d+)\s+(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s+(\d+)\s*$/.exec(line)
  if (match === null) return []
  const [group = 0, days = 0, hours = 0, minutes = 0, seconds = 0, rssKb = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0))
  const cpuMs = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
  return [{ group, cpuMs, rssBytes: rssKb * 1024 }]
}
