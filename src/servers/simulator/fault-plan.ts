import { parseDurationMs } from '../../stats/latency-spec.ts'
import { createRandom } from '../../stats/random.ts'
import { STREAM_FAULT_KINDS } from './stream-faults.ts'

/**
 * What can go wrong with an answer: `reset` (connection reset before a byte), `half` (half the body, then the
 * connection ends), `429` with Retry-After, `500`, `slow` (the body trickles), `badjson` (a 200 that is not JSON),
 * `hang` (no answer at all), and what befalls streams alone.
 */
export const FAULT_KINDS = [
  'reset',
  'half',
  '429',
  '500',
  'slow',
  'badjson',
  'hang',
  ...STREAM_FAULT_KINDS,
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>

/** A fault for a range of requests (numbers from 1, inclusive) or of time since the start. */
export interface ScheduledFault {
  readonly kind: FaultKind
  readonly by: 'request' | 'time'
  readonly from: number
  readonly to: number
}

function faultKind(text: string): FaultKind {
  const kind = FAULT_KINDS.find((known) => known === text)
  if (kind === undefined) {
    throw new RangeError(
      `${JSON.stringify(text)} is not a fault; choose from ${FAULT_KINDS.join(', ')}`,
    )
  }
  return kind
}

/** Reads `reset=0.01,429=0.02`: the share of requests that each fault befalls. Throws RangeError naming the entry. */
export function parseFaultRates(text: string): FaultRates {
  const rates: Partial<Record<FaultKind, number>> = {}
  for (const entry of text.split(',').filter((part) => part.trim() !== '')) {
    const [name = '', share = ''] = entry.split('=').map((part) => part.trim())
    const rate = share === '' ? Number.NaN : Number(share)
    if (!(rate >= 0 && rate <= 1)) {
      throw new RangeError(
        `${JSON.stringify(entry)}: write FAULT=SHARE with a share from 0 to 1, such as 429=0.02`,
      )
    }
    rates[faultKind(name)] = rate
  }
  const total = Object.values(rates).reduce((sum, rate) => sum + rate, 0)
  if (total > 1 + 1e-9)
    throw new RangeError(`${JSON.stringify(text)}: the shares add up to more than 1`)
  return rates
}

/** Reads `429@100-120,reset@5,500@10s-12s`. Throws RangeError naming the entry. */
export function parseFaultSchedule(text: string): ScheduledFault[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((entry) => {
      const [name = '', range = ''] = entry.trim().split('@')
      const [first = '', last = first] = range.split('-')
      const kind = faultKind(name)
      if (/^\d+$/.test(first) && /^\d+$/.test(last) && Number(first) <= Number(last)) {
        return { kind, by: 'request', from: Number(first), to: Number(last) }
      }
      const from = parseDurationMs(first)
      const to = parseDurationMs(last)
      if (from === undefined || to === undefined || first === last || from > to) {
        throw new RangeError(
          `${JSON.stringify(entry)}: write FAULT@N, FAULT@N-M or FAULT@10s-12s, such as 429@100-120`,
        )
      }
      return { kind, by: 'time', from, to }
    })
}

export interface FaultPlan {
  readonly seed: number
  readonly rates: FaultRates
  readonly schedule: readonly ScheduledFault[]
}

/** The fault of request number `sequence` (from 1) at `elapsedMs`; depends on nothing else, so it can be repeated. */
export function decideFault(
  plan: FaultPlan,
  sequence: number,
  elapsedMs: number,
): FaultKind | undefined {
  const scheduled = plan.schedule.find(({ by, from, to }) => {
    const position = by === 'request' ? sequence : elapsedMs
    return position >= from && position <= to
  })
  if (scheduled !== undefined) return scheduled.kind
  const entries = Object.entries(plan.rates)
  if (entries.length === 0) return undefined
  let draw = createRandom(`${plan.seed}/fault/${sequence}`)()
  for (const [kind, rate] of entries) {
    if (draw < rate) return faultKind(kind)
    draw -= rate
  }
  return undefined
}
