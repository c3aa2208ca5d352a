import { performance } from 'node:perf_hooks'

export interface Pace {
  /** The longest that work may hold the event loop at a stretch, ms; a single step is not cut. */
  readonly sliceMs: number
  /** The longest that it may take in all, ms. */
  readonly limitMs: number
}

/** Work that took longer than it may. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError'
}

/**
 * Runs steps until they return, and lets others have the event loop whenever they held it for `sliceMs`. Work that is
 * done within the first slice ends before this returns. `then` gets the result, or the error that a step threw.
 */
export function runPaced<T>(
  steps: Generator<unknown, T>,
  pace: Pace,
  then: (result: T | Error) => void,
): void {
  const startedAt = performance.now()
  const slice = () => {
    const sliceAt = performance.now()
    try {
      for (;;) {
        const { done, value } = steps.next()
        if (done === true) {
          then(value)
          return
        }
        const now = performance.now()
        if (now - startedAt > pace.limitMs) {
          then(new TooLongError(`the analysis took longer than ${pace.limitMs} ms`))
          return
        }
        if (now - sliceAt > pace.sliceMs) break
      }
    } catch (error) {
      then(error instanceof Error ? error : new Error(String(error)))
      return
    }
    setImmediate(slice)
  }
  slice()
}
