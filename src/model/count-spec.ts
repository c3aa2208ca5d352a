/** How many of something, drawn anew each time; what is drawn is a whole number of at least 1. */
export type CountSpec =
  | { readonly kind: 'fixed'; readonly count: number }
  /** Each whole number from `low` to `high` equally often. */
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  /** `sigma` is the standard deviation of the logarithm. */
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
