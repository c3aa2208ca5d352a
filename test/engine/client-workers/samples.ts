import fc from 'fast-check'
import type { SampleRow } from '../../../src/engine/client-workers/sample-batch.ts'
import { OUTCOMES } from '../../../src/model/outcome.ts'
import { anyStream } from '../../helpers/any-stream.ts'

const instant = fc.double({ min: 0, max: 1e9, noNaN: true })
const count = fc.nat(1e6)

/** Any sample, of an endpoint from the first to the third. */
export const anyRow: fc.Arbitrary<SampleRow> = fc.record({
  arm: fc.nat(2),
  slot: fc.record({ sequence: count, promptIndex: count, delayMs: fc.constant(0) }),
  exchange: fc.record({
    outcome: fc.constantFrom(...OUTCOMES),
    status: fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
    sentAt: instant,
    firstByteAt: fc.option(instant, { nil: undefined }),
    endedAt: instant,
    reused: fc.boolean(),
    connectMs: instant,
    bodyBytes: count,
    stream: fc.option(anyStream, { nil: undefined }),
  }),
  place: fc.record({
    round: fc.nat(10_000),
    intendedAt: fc.option(instant, { nil: undefined }),
  }),
})
