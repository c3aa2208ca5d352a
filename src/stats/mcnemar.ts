import { incompleteBeta } from './special.ts'

/**
 * Exact two-sided McNemar test (McNemar 1947): of the pairs that changed, `gained` one way and `lost` the other, as
 * unlikely or more so if each way were a coin's toss: min(1, 2 P(X <= min)), X binomial with p = 1/2. The sum of
 * binomial terms is I_0.5(n - k, k + 1). 1 where nothing changed.
 */
export function mcnemarP(gained: number, lost: number): number {
  const changed = gained + lost
  const fewer = Math.min(gained, lost)
  if (fewer * 2 === changed) return 1
  return Math.min(1, 2 * incompleteBeta(0.5, changed - fewer, fewer + 1))
}
