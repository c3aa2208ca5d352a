import type { PerSecond } from '../model/units.ts'

/** Where a search stands. Plain data: each step gives the next one. */
export interface CapacitySearch {
  /** Highest rate that is thought to pass; 0 for none. */
  readonly passed: PerSecond
  /** How many trials at `passed` did: 0 for a rate that was only lowered from one that failed again. */
  readonly hits: number
  /** Lowest rate that failed; infinite for none. */
  readonly failed: PerSecond
  readonly next: PerSecond
  readonly trials: number
  /** `settled`: `passed` passed twice and is near `failed`. `given-up`: no rate passes, or it does not settle. */
  readonly state: 'searching' | 'settled' | 'given-up'
}

/** Bounds this near each other are as good as equal: a trial's own chance moves more. */
const PRECISION = 1.05

/** Trials that a rate has to pass. */
const HITS = 2

/** A search that does not settle is ended. */
const MOST_TRIALS = 40

/** A rate below this is given up as none. */
const LEAST_RATE = 0.1

/** Begins at `start`; doubles while trials pass, halves while they fail, then closes in. */
export function beginSearch(start: PerSecond): CapacitySearch {
  return {
    passed: 0,
    hits: 0,
    failed: Number.POSITIVE_INFINITY,
    next: start,
    trials: 0,
    state: 'searching',
  }
}

/** The search after a trial at `search.next`. */
export function advanceSearch(search: CapacitySearch, passed: boolean): CapacitySearch {
  const bounds = passed ? afterPass(search) : afterFailure(search)
  const trials = search.trials + 1
  const settled = bounds.hits >= HITS && bounds.failed / bounds.passed <= PRECISION
  const givenUp = trials >= MOST_TRIALS || bounds.failed < LEAST_RATE
  return {
    ...bounds,
    trials,
    next: nextRate(bounds),
    state: settled ? 'settled' : givenUp ? 'given-up' : 'searching',
  }
}

type Bounds = Pick<CapacitySearch, 'passed' | 'hits' | 'failed'>

function afterPass({ passed, hits, failed, next }: CapacitySearch): Bounds {
  return { passed: next, hits: next === passed ? hits + 1 : 1, failed }
}

function afterFailure({ passed, hits, next }: CapacitySearch): Bounds {
  if (next !== passed) return { passed, hits, failed: next }
  // A rate that passed once and then failed is too near the edge: a lower one has to prove itself.
  return { passed: next / PRECISION, hits: 0, failed: next }
}

function nextRate({ passed, hits, failed }: Bounds): PerSecond {
  if (passed === 0) return failed / 2
  if (hits === 0) return passed
  if (failed === Number.POSITIVE_INFINITY) return passed * 2
  // Bisection by ratio: a rate is as far from its half as from its double.
  return failed / passed <= PRECISION ? passed : Math.sqrt(passed * failed)
}
