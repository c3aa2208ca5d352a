import type { Milliseconds } from './units.ts'

/** Why a model said that it stopped; `none` where it did not say, `other` for a word not in this list. */
export const FINISH_REASONS = [
  'none',
  'stop',
  'length',
  'content_filter',
  'tool_calls',
  'other',
] as const

export type FinishReason = (typeof FINISH_REASONS)[number]

/** What was seen in a stream, as bits of one number: so a million streams take 4 MB. */
export const STREAM_FLAGS = {
  /** At least one server-sent event came: the answer is a stream at all. */
  events: 1,
  /** The closing `[DONE]`. */
  done: 2,
  /** Usage with the number of output tokens. */
  usage: 4,
  /** An event that names the role and holds nothing to read. */
  roleFrame: 8,
  /** An error in the midst of the stream. */
  errorEvent: 16,
  /** Comment lines, which keep a connection alive. */
  comments: 32,
  /** Lines end in CR LF, or in CR. */
  carriageReturns: 64,
  /** `data:` without the space that most servers put behind it. */
  noSpace: 128,
  /** Bytes that are no UTF-8, or U+FFFD in the content: characters were cut apart and decoded piece by piece. */
  brokenText: 256,
  /** An event after `[DONE]`. */
  afterDone: 512,
  /** An event that is not a JSON object. */
  malformed: 1024,
  /** The client ended the stream itself, as `--cancel-after` asked for. */
  cancelledAsAsked: 2048,
  /** More than one such event. */
  doubleRole: 4096,
} as const

export type StreamFlag = keyof typeof STREAM_FLAGS

export function hasFlag(flags: number, flag: StreamFlag): boolean {
  return (flags & STREAM_FLAGS[flag]) !== 0
}

/** When a client ends its streams on purpose. */
export type CancelAfter = { readonly ms: Milliseconds } | { readonly chunks: number }

/**
 * What came of one streamed answer. A content chunk is an event with content or reasoning in it; a read is what the
 * socket handed over at once. All events of a read carry the instant of that read, because nothing finer is known.
 */
export interface StreamFacts {
  /** First event of any kind. */
  readonly firstChunkAt: Milliseconds | undefined
  /** First content chunk. */
  readonly firstTokenAt: Milliseconds | undefined
  /** Last content chunk. */
  readonly lastTokenAt: Milliseconds | undefined
  readonly chunks: number
  /** Reads of body bytes. */
  readonly reads: number
  /** Reads that brought content chunks. */
  readonly contentReads: number
  /** Most content chunks in one read. */
  readonly largestRead: number
  /** Between neighbouring content chunks, ms; 0 within a read. One fewer than `chunks`. */
  readonly gapsMs: readonly number[]
  /** As the usage reports them. */
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
  readonly cachedTokens: number
  readonly finishReason: FinishReason
  /** Bits of `STREAM_FLAGS`. */
  readonly flags: number
  /** UTF-16 units of content, and of reasoning. */
  readonly contentLength: number
  readonly reasoningLength: number
  /** FNV-1a over the text, whatever chunks it came in. */
  readonly contentHash: number
  /** The same for every order of the same characters: tells reordered text from altered. */
  readonly lettersHash: number
}

/** The streams of a measurement as columns, row by row beside its samples. NaN where an instant or a count is not known. */
export interface StreamColumns {
  readonly length: number
  readonly firstChunkAt: Float64Array
  readonly firstTokenAt: Float64Array
  readonly lastTokenAt: Float64Array
  readonly chunks: Uint32Array
  readonly reads: Uint32Array
  readonly contentReads: Uint32Array
  readonly largestRead: Uint32Array
  readonly inputTokens: Float64Array
  readonly outputTokens: Float64Array
  /** Index into `FINISH_REASONS`. */
  readonly finishReason: Uint8Array
  readonly flags: Uint32Array
  readonly contentLength: Uint32Array
  readonly contentHash: Uint32Array
  readonly lettersHash: Uint32Array
  /** All rows' gaps, one after the other; a row has one fewer than chunks. Single precision: 1 us in 16 s. */
  readonly gapsMs: Float32Array
}
