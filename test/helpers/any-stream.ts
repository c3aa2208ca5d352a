import fc from 'fast-check'
import { FINISH_REASONS, type StreamFacts } from '../../src/model/stream.ts'

const instant = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined })
const count = fc.nat(1e6)
const tokens = fc.option(count, { nil: undefined })
const hash = fc.integer({ min: 0, max: 0xffffffff })

/** Any stream with its gaps in single precision, as they are kept. */
export const anyStream: fc.Arbitrary<StreamFacts> = fc
  .record({
    firstChunkAt: instant,
    firstTokenAt: instant,
    lastTokenAt: instant,
    reads: count,
    contentReads: count,
    largestRead: count,
    gapsMs: fc.array(fc.float({ min: 0, max: 1000, noNaN: true }), { maxLength: 20 }),
    inputTokens: tokens,
    outputTokens: tokens,
    cachedTokens: count,
    finishReason: fc.constantFrom(...FINISH_REASONS),
    flags: fc.nat(0xfff),
    contentLength: count,
    reasoningLength: count,
    contentHash: hash,
    lettersHash: hash,
  })
  .map((facts) => ({ ...facts, chunks: facts.gapsMs.length + 1 }))
