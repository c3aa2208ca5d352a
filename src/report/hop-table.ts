import { measured } from '../model/estimate.ts'
import type { HopBreakdown } from '../model/result.ts'
import { formatFine } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = ['level', 'endpoint', 'part', 'mean', 'share', 'answers']

/** Where the time of an answer went. Ends in a line break; empty where no hop tells. */
export function hopTable(hops: readonly HopBreakdown[]): string {
  if (hops.length === 0) return ''
  const rows = hops.flatMap(({ level, endpoint, answers, lookedAt, e2eMs, parts }) => {
    const told = `${answers}/${lookedAt}`
    const share = (ms: number) => (e2eMs > 0 ? `${((100 * ms) / e2eMs).toFixed(1)}%` : '')
    const place = [levelCell(level), endpoint]
    return [
      ...parts.map(({ name, meanMs }) => [
        ...place,
        name,
        formatFine(measured(meanMs), 'ms'),
        share(meanMs),
        told,
      ]),
      [...place, 'seen by the client', formatFine(measured(e2eMs), 'ms'), share(e2eMs), told],
    ]
  })
  return `## Hops (means; from server-timing)\n${markdownTable(HEADER, rows)}\n`
}
