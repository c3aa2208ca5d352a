import { EXIT_CODES } from '../model/exit-code.ts'
import type { Io } from './io.ts'

interface Interruption {
  readonly signal: AbortSignal
  /** Stops listening. */
  release(): void
}

/** The first Ctrl-C stops the run in order, the second leaves at once. */
export function listenForInterruption(io: Io): Interruption {
  const controller = new AbortController()
  const release = io.onInterrupt(() => {
    if (controller.signal.aborted) {
      io.quit(EXIT_CODES.interrupted.code)
      return
    }
    io.stderr('\nStopping: printing and saving what there is. Once more to quit at once.\n')
    controller.abort()
  })
  return { signal: controller.signal, release }
}
