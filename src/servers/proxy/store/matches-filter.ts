import { type ExchangeRecord, SEVERITIES } from '../exchange-record.ts'
import type { ExchangeFilter } from './trace-store.ts'

/** Whether a filter lets the record through: what `whereOf` says in SQL. */
export function matchesFilter(record: ExchangeRecord, filter: ExchangeFilter): boolean {
  return (
    isOrFree(filter.traceId, record.traceId) &&
    isOrFree(filter.tenantId, record.tenantId) &&
    isOrFree(filter.model, record.model) &&
    isOrFree(filter.action, record.action) &&
    isOrFree(filter.stream, record.stream) &&
    isWithin(record.startedAt, filter.since, filter.until) &&
    isWithin(record.score, filter.minScore, filter.maxScore) &&
    hasFinding(record, filter)
  )
}

function isOrFree<T>(asked: T | undefined, value: T | undefined): boolean {
  return asked === undefined || asked === value
}

function isWithin(
  value: number | undefined,
  least: number | undefined,
  most: number | undefined,
): boolean {
  if (least === undefined && most === undefined) return true
  return value !== undefined && value >= (least ?? -Infinity) && value <= (most ?? Infinity)
}

function hasFinding({ findings }: ExchangeRecord, filter: ExchangeFilter): boolean {
  const { findingType, minSeverity } = filter
  if (findingType === undefined && minSeverity === undefined) return true
  return findings.some(
    ({ type, severity }) =>
      isOrFree(findingType, type) && SEVERITIES.indexOf(severity) >= (minSeverity ?? 0),
  )
}
