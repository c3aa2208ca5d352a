import type { Estimate } from '../model/estimate.ts'
import { type Level, sameLevel } from '../model/level.ts'
import {
  type Share,
  STREAM_CHECKS,
  type StreamCheck,
  type StreamIntegrity,
} from '../model/stream-result.ts'
import { formatEstimate } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

/** Printed also where every endpoint is clean, because their absence is what one wants to see. */
const ALWAYS = new Set<StreamCheck>([
  'truncated',
  'error event',
  'no [DONE]',
  'no usage',
  'one burst',
  'altered',
])

/** What is wrong with the streams, a row a check and a column an endpoint: so many of so many answers. */
export function integrityTable(all: readonly StreamIntegrity[]): string {
  const endpoints = [...new Set(all.map(({ endpoint }) => endpoint))]
  const levels = all
    .map(({ level }) => level)
    .filter((level, index, list) => list.findIndex((one) => sameLevel(one, level)) === index)
  const rows = levels.flatMap((level) => levelRows(all, endpoints, level))
  const reasons = all.flatMap(({ baseline, checks }) => {
    const { reason } = checks.altered
    return baseline === undefined || reason === undefined ? [] : [`Contents: ${reason}.`]
  })
  const notes = [...new Set(reasons)].map((note) => `\n${note}\n`).join('')
  return `## Stream Integrity\n${markdownTable(['check', 'conc', ...endpoints], rows)}\n${notes}`
}

function levelRows(
  all: readonly StreamIntegrity[],
  endpoints: readonly string[],
  level: Level,
): string[][] {
  const sides = endpoints.map((name) =>
    all.find((one) => one.endpoint === name && sameLevel(one.level, level)),
  )
  const compared = sides.some((side) => side?.baseline !== undefined)
  const shown = STREAM_CHECKS.filter((check) => {
    const shares = sides.map((side) => side?.checks[check].value)
    if (shares.some((share) => share !== undefined && share.count > 0)) return true
    return ALWAYS.has(check) && (compared || shares.some((share) => share !== undefined))
  })
  const row = (name: string, cellOf: (side: StreamIntegrity) => string) => [
    name,
    levelCell(level),
    ...sides.map((side) => (side === undefined ? 'n/a' : cellOf(side))),
  ]
  return [
    ...shown.map((check) => row(check, ({ checks }) => shareCell(checks[check]))),
    row('chunks per read', ({ chunksPerRead }) => formatEstimate(chunksPerRead, 'count')),
    ...(compared
      ? [row('coalescing', ({ coalescing }) => coalescing.value?.toFixed(2) ?? 'n/a')]
      : []),
  ]
}

function shareCell({ value }: Estimate<Share>): string {
  return value === undefined ? 'n/a' : `${value.count}/${value.of}`
}
