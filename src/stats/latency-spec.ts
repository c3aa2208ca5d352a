import { drawGamma, drawLognormal } from './distribution.ts'
import type { Random } from './random.ts'

/** How long something takes, in ms. `trace` replays recorded times in order. */
export type LatencySpec =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number }
  | { readonly kind: 'gamma'; readonly meanMs: number; readonly shape: number }
  | { readonly kind: 'trace'; readonly timesMs: readonly number[] }

/** The forms that `parseLatencySpec` takes, for messages and help. */
export const LATENCY_FORMS =
  '20ms, fixed:20ms, lognormal:MEDIAN,SIGMA such as lognormal:20ms,0.3, gamma:MEAN,SHAPE such as gamma:20ms,2'

const DURATION = /^(\d+(?:\.\d+)?)(us|ms|s|m)$/
const UNIT_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 }

/** Reads `20ms`, `1.5s`, `250us`, `2m` or `0` as milliseconds; undefined where it is none of them. */
export function parseDurationMs(text: string): number | undefined {
  if (text === '0') return 0
  const match = DURATION.exec(text)
  if (match === null) return undefined
  const unit = UNIT_MS[match[2] ?? '']
  return unit === undefined ? undefined : Number(match[1]) * unit
}

/** Reads a latency. Throws RangeError that names the value received and the forms accepted. */
export function parseLatencySpec(text: string): LatencySpec {
  const spec = readLatencySpec(text.trim())
  if (spec === undefined) {
    throw new RangeError(`${JSON.stringify(text)} is not a latency; write ${LATENCY_FORMS}`)
  }
  return spec
}

function readLatencySpec(text: string): LatencySpec | undefined {
  const colon = text.indexOf(':')
  const kind = colon === -1 ? 'fixed' : text.slice(0, colon)
  const [first = '', second, ...rest] = text.slice(colon + 1).split(',')
  const ms = parseDurationMs(first.trim())
  if (ms === undefined || rest.length > 0) return undefined
  if (kind === 'fixed') return second === undefined ? { kind, ms } : undefined
  const parameter = Number(second?.trim() || Number.NaN)
  if (!Number.isFinite(parameter) || parameter < 0) return undefined
  if (kind === 'lognormal') return { kind, medianMs: ms, sigma: parameter }
  return kind === 'gamma' && parameter > 0 ? { kind, meanMs: ms, shape: parameter } : undefined
}

/**
 * Reads recorded times in ms: a JSON array of numbers, or one number a line (blank lines and `#` comments are
 * passed over). Throws RangeError naming the line.
 */
export function parseTraceTimes(text: string): number[] {
  const rows = text.trimStart().startsWith('[')
    ? (JSON.parse(text) as unknown[])
    : text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim())
  const times: number[] = []
  for (const [index, row] of rows.entries()) {
    if (row === '') continue
    const ms = typeof row === 'string' ? Number(row) : row
    if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0) {
      throw new RangeError(`row ${index + 1}: ${JSON.stringify(row)} is not a time in ms`)
    }
    times.push(ms)
  }
  if (times.length === 0) throw new RangeError('no times in the trace')
  return times
}

/** One time in ms; `index` is the position in a trace, which starts again at its end. */
export function sampleLatencyMs(spec: LatencySpec, random: Random, index = 0): number {
  switch (spec.kind) {
    case 'fixed':
      return spec.ms
    case 'lognormal':
      return drawLognormal(random, spec.medianMs, spec.sigma)
    case 'gamma':
      return drawGamma(random, spec.meanMs, spec.shape)
    case 'trace':
      return spec.timesMs[index % spec.timesMs.length] ?? 0
  }
}

/** The mean of what `sampleLatencyMs` gives, in ms. */
export function meanLatencyMs(spec: LatencySpec): number {
  switch (spec.kind) {
    case 'fixed':
      return spec.ms
    case 'lognormal':
      return spec.medianMs * Math.exp(spec.sigma ** 2 / 2)
    case 'gamma':
      return spec.meanMs
    case 'trace':
      return spec.timesMs.reduce((sum, ms) => sum + ms, 0) / spec.timesMs.length
  }
}
