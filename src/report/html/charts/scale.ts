import { FRAME } from '../draw.ts'

export interface YScale {
  readonly type: 'linear' | 'log'
  readonly domain: [number, number]
  /** Pixel of a value, as the chart will have it. */
  readonly place: (value: number) => number
}

/** More than this between the least and the greatest, and a linear axis flattens most of the curve. */
const LOG_FROM = 12

/** Below this share of the greatest value, an axis begins at 0. */
const FROM_ZERO = 0.5

/** An axis for values above 0: from 0 where that costs little room, logarithmic where they span more than a decade. */
export function latencyScale(values: readonly number[]): YScale {
  const positive = values.filter((value) => value > 0)
  const low = Math.min(...positive, Number.POSITIVE_INFINITY)
  const high = Math.max(...positive, 0)
  if (!Number.isFinite(low)) return scaleOf('linear', [0, 1])
  if (high / low > LOG_FROM) return scaleOf('log', [low * 0.9, high * 1.1])
  const room = (high - low) * 0.08 || high * 0.05
  return scaleOf('linear', [low < FROM_ZERO * high ? 0 : Math.max(0, low - room), high + room])
}

/** An axis for differences: 0 always on it. */
export function differenceScale(values: readonly number[]): YScale {
  const low = Math.min(0, ...values)
  const high = Math.max(0, ...values)
  const room = (high - low) * 0.08 || 1
  return scaleOf('linear', [low < 0 ? low - room : -room / 2, high + room])
}

/** An axis from 0 for amounts. */
export function amountScale(values: readonly number[]): YScale {
  return scaleOf('linear', [0, Math.max(...values, 0) * 1.08 || 1])
}

function scaleOf(type: YScale['type'], domain: [number, number]): YScale {
  const height = FRAME.height - FRAME.marginTop - FRAME.marginBottom
  const unit = type === 'log' ? Math.log : (value: number) => value
  const [low, high] = domain.map((value) => unit(value)) as [number, number]
  const place = (value: number) =>
    FRAME.marginTop + height * (1 - (unit(value) - low) / (high - low))
  return { type, domain, place }
}
