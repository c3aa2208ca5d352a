import { incompleteBeta } from './special.ts'

/** P(T <= t) of Student's t with `freedom` degrees of freedom (Abramowitz and Stegun 26.7.1). */
export function studentTCdf(t: number, freedom: number): number {
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

/** The t that a Student variable exceeds with probability `1 - p`; bisection on the distribution function. */
export function studentTQuantile(p: number, freedom: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`probability ${p} is not between 0 and 1`)
  if (!(freedom >= 1)) throw new RangeError(`${freedom} degrees of freedom are too few`)
  if (p === 0.5) return 0
  if (p < 0.5) return -studentTQuantile(1 - p, freedom)
  let low = 0
  let high = 2
  while (studentTCdf(high, freedom) < p) high *= 2
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (studentTCdf(middle, freedom) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
