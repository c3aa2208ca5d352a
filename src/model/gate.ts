/** Numbers of a detection run that a gate may be set on, with the ends of an interval where they have one. */
export const RATE_METRICS = [
  'tpr',
  'fpr',
  'precision',
  'over_defence',
  'twin_separation',
  'flip_rate',
] as const

export const POINT_METRICS = ['coverage', 'f1', 'balanced_accuracy', 'mcc'] as const

export type RateMetric = (typeof RATE_METRICS)[number]
export type PointMetric = (typeof POINT_METRICS)[number]

/** Metrics of the confusion matrix, of which there are two. */
export const MATRIX_METRICS = ['tpr', 'fpr', 'precision', 'f1', 'balanced_accuracy', 'mcc'] as const

export const GATE_OPERATORS = ['>=', '<=', '>', '<'] as const

export type GateOperator = (typeof GATE_OPERATORS)[number]

/** What a detection run must keep: a bound of an interval, because a point may be luck. */
export interface Gate {
  /** Which matrix; `enforced` where the metric is of no matrix. */
  readonly matrix: 'enforced' | 'detected'
  readonly of:
    | { readonly metric: RateMetric; readonly bound: 'lower' | 'upper' }
    | { readonly metric: PointMetric; readonly bound?: undefined }
  readonly operator: GateOperator
  readonly limit: number
}

/** `detected.tpr.lower>=0.8`. */
export function nameGate({ matrix, of, operator, limit }: Gate): string {
  const prefix = matrix === 'enforced' ? '' : `${matrix}.`
  const bound = of.bound === undefined ? '' : `.${of.bound}`
  return `${prefix}${of.metric}${bound}${operator}${limit}`
}

/** A gate without data has failed: a guard that was never tried is not known to hold. */
export interface GateVerdict {
  readonly gate: Gate
  readonly state: 'PASS' | 'FAIL'
  readonly actual: number | undefined
  /** Cases behind the number. */
  readonly n: number
  /** Why there is no number. */
  readonly reason: string | undefined
}
