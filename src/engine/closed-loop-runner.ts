import type { Exchange } from '../model/exchange.ts'
import type { Slot } from '../model/sample.ts'
import type { SlotSource } from '../schedule/closed-loop.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'

export interface ClosedLoopRun {
  readonly transport: Transport
  /** Requests in flight. */
  readonly concurrency: number
  readonly next: SlotSource
  /** The prompts' requests, by `promptIndex`. */
  readonly requests: readonly PreparedRequest[]
  readonly onSample: (slot: Slot, exchange: Exchange) => void
  /** Aborting stops new sends and cancels those in flight. */
  readonly signal: AbortSignal
}

/**
 * Keeps `concurrency` requests in flight until the slots are used up or the signal is aborted; resolves when
 * nothing is in flight. Callbacks and no promises between two requests: each hop through the microtask queue
 * costs some 0.1 ms at 50 in flight.
 *
 * Answers come in bunches. All of a bunch are read and stamped before the next requests are sent, or the last would
 * carry the time that sending for the others took: a third of the bias of p50 at 50 in flight on a busy machine.
 */
export function runClosedLoop(run: ClosedLoopRun): Promise<void> {
  const { transport, concurrency, next, requests, onSample, signal } = run
  return new Promise((resolve, reject) => {
    let active = concurrency
    let ready = 0
    const pauses = new Map<NodeJS.Timeout, () => void>()

    const finishWorker = () => {
      active -= 1
      if (active > 0) return
      signal.removeEventListener('abort', stop)
      resolve()
    }
    const send = (slot: Slot) => {
      if (signal.aborted) return finishWorker()
      const request = requests[slot.promptIndex]
      if (request === undefined)
        return reject(new Error(`no request for prompt ${slot.promptIndex}`))
      transport.send(request, (exchange) => {
        onSample(slot, exchange)
        ready += 1
        if (ready === 1) setImmediate(workOn)
      })
    }
    const pauseThenSend = (slot: Slot) => {
      const timer = setTimeout(() => {
        pauses.delete(timer)
        send(slot)
      }, slot.delayMs)
      pauses.set(timer, finishWorker)
    }
    const work = () => {
      const slot = signal.aborted ? undefined : next()
      if (slot === undefined) finishWorker()
      else if (slot.delayMs > 0) pauseThenSend(slot)
      else send(slot)
    }
    const workOn = () => {
      const workers = ready
      ready = 0
      for (let worker = 0; worker < workers; worker += 1) work()
    }
    const stop = () => {
      transport.cancel()
      const pending = [...pauses]
      pauses.clear()
      for (const [timer, finish] of pending) {
        clearTimeout(timer)
        finish()
      }
    }

    signal.addEventListener('abort', stop, { once: true })
    for (let worker = 0; worker < concurrency; worker += 1) work()
  })
}
