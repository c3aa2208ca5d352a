import type { ErrorBounds } from './interval.ts'
import { studentTQuantile } from './student-t.ts'

/** An estimate with its standard error and the degrees of freedom behind that. */
export interface UncertainValue {
  readonly value: number
  readonly standardError: number
  readonly freedom: number
}

/**
 * 95 % interval of `after - before`, two independent estimates of unequal spread: Student's t with the degrees of
 * freedom of Welch (1947) and Satterthwaite (1946).
 */
export function welchDifference(before: UncertainValue, after: UncertainValue): ErrorBounds {
  const first = before.standardError ** 2
  const second = after.standardError ** 2
  const standardError = Math.sqrt(first + second)
  const difference = after.value - before.value
  if (standardError === 0) return { low: difference, high: difference, standardError }
  const freedom =
    (first + second) ** 2 / (first ** 2 / before.freedom + second ** 2 / after.freedom)
  // Never fewer than the poorer of both has: rounding may leave it a hair below.
  const least = Math.min(before.freedom, after.freedom)
  const half = studentTQuantile(0.975, Math.max(least, freedom)) * standardError
  return { low: difference - half, high: difference + half, standardError }
}
