import type { CountSpec } from '../model/count-spec.ts'
import type { CancelAfter } from '../model/stream.ts'
import { type Kind, readDuration } from './kinds.ts'

/** `500ms`, or `3 chunks`. */
export const cancelAfter: Kind<CancelAfter> = {
  placeholder: '<duration|Nchunks>',
  read: (given) => {
    const [, count] = /^([1-9]\d*)\s*chunks?$/.exec(given.trim()) ?? []
    if (count !== undefined) return { value: { chunks: Number(count) } }
    const ms = readDuration(given)
    return ms
      ? { value: { ms } }
      : { problem: 'is neither a time nor a number of chunks; write it as 500ms or 3chunks' }
  },
  print: (value) => ('ms' in value ? `${value.ms}ms` : `${value.chunks}chunks`),
}

const COUNT_FORMS = '64, fixed:64, uniform:16,128, normal:64,16 or lognormal:64,0.5'

/** `64`, `fixed:64`, `uniform:LOW,HIGH`, `normal:MEAN,DEVIATION` or `lognormal:MEDIAN,SIGMA`. */
export const countSpec: Kind<CountSpec> = {
  placeholder: '<distribution>',
  read: (given) => {
    const [, kind = 'fixed', first = '', second] =
      /^(?:([a-z]+):)?(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?$/.exec(given.trim()) ?? []
    const value = countOf(kind, Number(first || Number.NaN), second)
    return value === undefined
      ? { problem: `is no number of tokens; write it as ${COUNT_FORMS}` }
      : { value }
  },
  print: printCount,
}

function countOf(kind: string, first: number, second: string | undefined): CountSpec | undefined {
  const other = Number(second ?? Number.NaN)
  const whole = Number.isSafeInteger(first) && first >= 1
  switch (kind) {
    case 'fixed':
      return whole && second === undefined ? { kind, count: first } : undefined
    case 'uniform':
      return whole && Number.isSafeInteger(other) && other >= first
        ? { kind, low: first, high: other }
        : undefined
    case 'normal':
      return first >= 1 && other >= 0 ? { kind, mean: first, deviation: other } : undefined
    case 'lognormal':
      return first >= 1 && other >= 0 ? { kind, median: first, sigma: other } : undefined
    default:
      return undefined
  }
}

function printCount(spec: CountSpec): string {
  switch (spec.kind) {
    case 'fixed':
      return `fixed:${spec.count}`
    case 'uniform':
      return `uniform:${spec.low},${spec.high}`
    case 'normal':
      return `normal:${spec.mean},${spec.deviation}`
    case 'lognormal':
      return `lognormal:${spec.median},${spec.sigma}`
  }
}
