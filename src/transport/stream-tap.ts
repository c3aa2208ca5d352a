import type { Outcome } from '../model/outcome.ts'
import {
  type CancelAfter,
  FINISH_REASONS,
  type FinishReason,
  STREAM_FLAGS,
  type StreamFacts,
} from '../model/stream.ts'
import type { Milliseconds } from '../model/units.ts'
import { StreamReader } from '../wire/stream-reader.ts'

/** How streamed answers are read. */
export interface StreamSettings {
  /** The client ends each stream itself: so long after sending, or after so many content chunks. */
  readonly cancelAfter?: CancelAfter | undefined
}

/**
 * Takes the reads of one streamed answer as they come and parses them a moment later, when every socket that was ready
 * has been read and stamped: at 50 streams whose tokens come together, parsing at once would put the parsing of all the
 * others into the last one's instant.
 */
export class StreamTap {
  private readonly reader = new StreamReader()
  private pieces: Buffer[] = []
  private instants: Milliseconds[] = []
  private waiting = false
  private asked = false
  private ended: ((facts: StreamFacts) => void) | undefined
  private outcome: Outcome = 'ok'
  private timer: NodeJS.Timeout | undefined
  private readonly mostChunks: number
  private readonly onEnough: () => void

  /** `onEnough` has to end the request, when the stream has lasted as long as `cancelAfter` wants it to. */
  constructor({ cancelAfter }: StreamSettings, onEnough: () => void) {
    this.onEnough = onEnough
    this.mostChunks =
      cancelAfter !== undefined && 'chunks' in cancelAfter ? cancelAfter.chunks : Infinity
    if (cancelAfter !== undefined && 'ms' in cancelAfter) {
      this.timer = setTimeout(() => this.enough(), cancelAfter.ms)
    }
  }

  /** Takes body bytes, which have to be a copy: the parser sees them later. */
  add(bytes: Buffer, at: Milliseconds): void {
    this.pieces.push(bytes)
    this.instants.push(at)
    this.parseSoon()
  }

  /** Nothing more comes; `done` hears what came, a moment later. */
  end(outcome: Outcome, done: (facts: StreamFacts) => void): void {
    clearTimeout(this.timer)
    this.outcome = outcome
    this.ended = done
    this.parseSoon()
  }

  /** Parses what has come; called when the sockets have been read. */
  parse(): void {
    this.waiting = false
    const { pieces, instants, reader } = this
    this.pieces = []
    this.instants = []
    for (const [index, bytes] of pieces.entries()) reader.read(bytes, instants[index] ?? Number.NaN)
    if (this.ended === undefined) {
      if (reader.chunks >= this.mostChunks && !this.asked) this.enough()
      return
    }
    reader.end()
    this.ended(this.facts())
  }

  private enough(): void {
    this.asked = true
    this.onEnough()
  }

  private parseSoon(): void {
    if (this.waiting) return
    this.waiting = true
    waitingTaps.push(this)
    if (waitingTaps.length === 1) setImmediate(parseWaiting)
  }

  private facts(): StreamFacts {
    const { reader } = this
    return {
      firstChunkAt: reader.firstEventAt,
      firstTokenAt: reader.firstTokenAt,
      lastTokenAt: reader.lastTokenAt,
      chunks: reader.chunks,
      reads: reader.reads,
      contentReads: reader.contentReads,
      largestRead: reader.largestRead,
      gapsMs: reader.gaps,
      inputTokens: reader.inputTokens,
      outputTokens: reader.outputTokens,
      cachedTokens: reader.cachedTokens,
      finishReason: knownReason(reader.finishReason),
      flags: flagsOf(reader, this.asked && this.outcome === 'cancelled'),
      contentLength: reader.contentLength,
      reasoningLength: reader.reasoningLength,
      contentHash: reader.hash.ordered,
      lettersHash: reader.hash.unordered,
    }
  }
}

let waitingTaps: StreamTap[] = []

function parseWaiting(): void {
  const taps = waitingTaps
  waitingTaps = []
  for (const tap of taps) tap.parse()
}

function knownReason(reason: string | undefined): FinishReason {
  if (reason === undefined) return 'none'
  return FINISH_REASONS.find((known) => known === reason) ?? 'other'
}

function flagsOf(reader: StreamReader, cancelledAsAsked: boolean): number {
  const seen = {
    events: reader.events > 0,
    done: reader.done,
    usage: reader.outputTokens !== undefined,
    roleFrame: reader.roleFrame,
    doubleRole: reader.doubleRole,
    errorEvent: reader.errorEvent,
    comments: reader.comments,
    carriageReturns: reader.carriageReturns,
    noSpace: reader.noSpace,
    brokenText: reader.brokenText,
    afterDone: reader.afterDone,
    malformed: reader.malformed,
    cancelledAsAsked,
  } satisfies Record<keyof typeof STREAM_FLAGS, boolean>
  let flags = 0
  for (const [flag, bit] of Object.entries(STREAM_FLAGS)) {
    if (seen[flag as keyof typeof seen]) flags |= bit
  }
  return flags
}
