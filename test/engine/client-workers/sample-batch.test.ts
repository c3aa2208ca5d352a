import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BATCH_ROWS,
  endOfRow,
  readRow,
  type SampleBatch,
  SampleBatcher,
} from '../../../src/engine/client-workers/sample-batch.ts'
import type { Exchange } from '../../../src/model/exchange.ts'
import { anyRow } from './samples.ts'

function batcher(now = () => 0) {
  const sent: SampleBatch[] = []
  // A clone, as the other thread gets it.
  const batches = new SampleBatcher(now, (batch) => sent.push(structuredClone(batch)))
  return { batches, sent }
}

const EXCHANGE: Exchange = {
  outcome: 'ok',
  status: 200,
  sentAt: 1,
  endedAt: 2,
  reused: true,
  connectMs: 0,
  bodyBytes: 2,
}
const SLOT = { sequence: 0, promptIndex: 0, delayMs: 0 }
const PLACE = { round: 0, intendedAt: undefined }

describe('SampleBatcher', () => {
  test('any samples arrive as they were recorded, in their order', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 40 }), (rows) => {
        const { batches, sent } = batcher()
        for (const { arm, slot, exchange, place } of rows) {
          batches.sinkOf(arm).record(slot, exchange, place)
        }
        batches.flush()
        const [batch] = sent
        if (batch === undefined) throw new Error('nothing was sent')
        const read = Array.from({ length: batch.count }, (_, index) => readRow(batch, index))
        expect(read).toEqual(rows)
        expect(read.map((_, index) => endOfRow(batch, index))).toEqual(
          rows.map(({ exchange }) => exchange.endedAt),
        )
      }),
    )
  })

  test('a full batch goes at once, and says how far it tells', () => {
    const { batches, sent } = batcher(() => 99)
    const sink = batches.sinkOf(0)
    for (let index = 0; index <= BATCH_ROWS; index += 1) {
      sink.record(SLOT, { ...EXCHANGE, endedAt: index }, PLACE)
    }
    expect(sent.map(({ count, until }) => [count, until])).toEqual([[BATCH_ROWS, BATCH_ROWS - 1]])
    batches.flush()
    batches.flush()
    expect(sent.slice(1).map(({ count, until }) => [count, until])).toEqual([
      [1, 99],
      [0, 99],
    ])
  })

  test('of equal failures the first is sent, whole, for each endpoint', () => {
    const { batches, sent } = batcher()
    const failure: Exchange = { ...EXCHANGE, outcome: 'http-error', status: 500, errorBody: 'why' }
    for (const arm of [0, 0, 1]) batches.sinkOf(arm).addFailure(failure)
    batches.sinkOf(0).addFailure({ ...failure, errorBody: 'other' })
    batches.flush()
    batches.sinkOf(1).addFailure(failure)
    batches.flush()
    expect(sent.map(({ failures }) => failures)).toEqual([
      [
        { arm: 0, exchange: failure },
        { arm: 1, exchange: failure },
        { arm: 0, exchange: { ...failure, errorBody: 'other' } },
      ],
      [],
    ])
  })

  test('a storm of different failures sends few of them', () => {
    const { batches, sent } = batcher()
    for (let index = 0; index < 5000; index += 1) {
      batches.sinkOf(0).addFailure({ ...EXCHANGE, outcome: 'reset', error: `request ${index}` })
    }
    batches.flush()
    expect(sent[0]?.failures).toHaveLength(20)
  })
})
