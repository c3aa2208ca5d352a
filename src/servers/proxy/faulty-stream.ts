import { FaultyBytes, type Piece, type StreamFaults } from './stream-faults.ts'

/** The part of a response that a stream is written to. */
export interface StreamTarget {
  write(bytes: Uint8Array): boolean
  end(): unknown
  needsDrain(): boolean
  isClosed(): boolean
  once(event: 'close', listener: () => void): unknown
}

/** Between the two halves of a character: long enough that they are two reads for whoever listens. */
const APART_MS = 2

/**
 * Writes a stream with faults to a response, in its place: `write` says whether to go on, and where it says no, the
 * response will drain.
 */
export class FaultyStream {
  private readonly bytes: FaultyBytes
  private readonly target: StreamTarget
  private readonly faults: StreamFaults
  private queue: Piece[] = []
  private timer: NodeJS.Timeout | undefined
  /** Whether the timer holds everything back, or keeps two pieces apart. */
  private waits: 'no' | 'to hold' | 'between pieces' = 'no'
  private isEnding = false

  constructor(target: StreamTarget, faults: StreamFaults) {
    this.target = target
    this.faults = faults
    this.bytes = new FaultyBytes(faults)
    target.once('close', () => clearTimeout(this.timer))
  }

  write(bytes: Uint8Array): boolean {
    this.queue.push(...this.bytes.push(bytes))
    if (this.waits === 'no' && this.queue.length > 0 && !this.faults.buffer) {
      if (this.faults.coalesceMs === undefined) this.send()
      else this.wait('to hold', this.faults.coalesceMs)
    }
    return !this.target.needsDrain()
  }

  end(): void {
    this.isEnding = true
    this.queue.push(...this.bytes.flush())
    // Nothing more will come that could be sent together with what is held.
    if (this.waits !== 'between pieces') this.send()
  }

  private wait(what: 'to hold' | 'between pieces', ms: number): void {
    this.waits = what
    this.timer = setTimeout(() => this.send(), ms)
  }

  /** Sends what is there, up to a piece that has to stand apart. */
  private send(): void {
    clearTimeout(this.timer)
    this.waits = 'no'
    if (this.target.isClosed()) return
    const apart = this.queue.findIndex((piece) => piece.apart)
    const together = this.queue.splice(0, apart === -1 ? this.queue.length : apart + 1)
    if (together.length > 0) this.target.write(Buffer.concat(together.map(({ bytes }) => bytes)))
    if (apart !== -1) this.wait('between pieces', APART_MS)
    else if (this.isEnding) this.target.end()
  }
}
