import type { ServerUsage } from '../model/result.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = [
  'level',
  'process',
  'CPU a request',
  'requests',
  'of endpoint',
  'CPU of a core',
  'peak memory',
]

/** CPU is counted in steps of 10 ms: fewer steps than this say only that it was little. */
const LEAST_CPU_MS = 100

/** What the server processes used. Ends in a line break; empty where none was watched. */
export function serverUsageTable(usages: readonly ServerUsage[]): string {
  if (usages.length === 0) return ''
  const rows = usages.map((usage) => [
    levelCell(usage.level),
    usage.name,
    cpuCell(usage),
    String(usage.requests),
    usage.requestsOf ?? 'all',
    `${(100 * usage.coreShare).toFixed(0)}%`,
    `${(usage.peakRssBytes / 2 ** 20).toFixed(0)} MiB`,
  ])
  return `## Server Processes\n${markdownTable(HEADER, rows)}\n`
}

function cpuCell({ cpuMs, cpuPerRequestMs, requests }: ServerUsage): string {
  if (cpuPerRequestMs === undefined) return 'n/a'
  if (cpuMs < LEAST_CPU_MS) return `< ${(LEAST_CPU_MS / requests).toFixed(2)}ms`
  return `${cpuPerRequestMs.toFixed(2)}ms`
}
