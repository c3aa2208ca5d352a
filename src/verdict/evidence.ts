import type { Evidence } from '../model/verdict.ts'

const MOST = 160

export function evidence(kind: Evidence['kind'], field: string, value: unknown): Evidence {
  return { kind, field, quote: quote(value) }
}

/** A value as one short line. */
function quote(value: unknown): string {
  // Cut before the replacing: a body may be large.
  const text = printed(value)
    .slice(0, MOST * 2)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  // Half a character that lies outside the basic plane is none.
  return text.length <= MOST ? text : `${text.slice(0, MOST - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function printed(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    // Too deep to be printed.
    return '…'
  }
}
