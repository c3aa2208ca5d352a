import type { SqlValue } from './sql-driver.ts'
import type { ExchangeFilter } from './trace-store.ts'

export interface Where {
  /** Of the table `exchanges`; begins with WHERE, or is empty. */
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

/** A filter as a condition in SQL: what `matchesFilter` says of one record. */
export function whereOf(filter: ExchangeFilter): Where {
  const asked: readonly [condition: string, value: SqlValue | boolean | undefined][] = [
    ['exchanges.trace_id = ?', filter.traceId],
    ['exchanges.tenant_id = ?', filter.tenantId],
    ['exchanges.model = ?', filter.model],
    ['exchanges.action = ?', filter.action],
    ['exchanges.stream = ?', filter.stream],
    ['exchanges.started_at >= ?', filter.since],
    ['exchanges.started_at <= ?', filter.until],
    ['exchanges.score >= ?', filter.minScore],
    ['exchanges.score <= ?', filter.maxScore],
  ]
  const conditions: string[] = []
  const parameters: SqlValue[] = []
  for (const [condition, value] of asked) {
    if (value === undefined) continue
    conditions.push(condition)
    parameters.push(typeof value === 'boolean' ? Number(value) : value)
  }
  const { findingType, minSeverity } = filter
  if (findingType !== undefined || minSeverity !== undefined) {
    const ofType = findingType === undefined ? '' : 'type = ? AND '
    // Not EXISTS: SQLite would go through the type's findings once for every exchange, 10^9 steps for 100,000.
    conditions.push(
      `exchanges.span_id IN (SELECT span_id FROM finding_index WHERE ${ofType}severity >= ?)`,
    )
    parameters.push(...(findingType === undefined ? [] : [findingType]), minSeverity ?? 0)
  }
  return {
    sql: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    parameters,
  }
}
