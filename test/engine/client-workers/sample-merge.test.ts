import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type SampleBatch, SampleBatcher } from '../../../src/engine/client-workers/sample-batch.ts'
import { SampleMerge } from '../../../src/engine/client-workers/sample-merge.ts'

/** A batch of samples that ended then. */
function batchOf(ends: readonly number[], until: number): SampleBatch {
  const sent: SampleBatch[] = []
  const batcher = new SampleBatcher(
    () => until,
    (batch) => sent.push(batch),
  )
  const sink = batcher.sinkOf(0)
  for (const endedAt of ends) {
    sink.record(
      { sequence: endedAt, promptIndex: 0, delayMs: 0 },
      { outcome: 'ok', sentAt: 0, endedAt, reused: true, connectMs: 0, bodyBytes: 0 },
      { round: 0, intendedAt: undefined },
    )
  }
  batcher.flush()
  const [batch] = sent
  if (batch === undefined) throw new Error('nothing was sent')
  return batch
}

function mergeOf(workers: number) {
  const ends: number[] = []
  const merge = new SampleMerge(workers, ({ exchange }) => ends.push(exchange.endedAt))
  merge.begin()
  return { merge, ends }
}

describe('SampleMerge', () => {
  test('a row waits until every worker has told that far', () => {
    const { merge, ends } = mergeOf(2)
    merge.add(0, batchOf([10, 30], 35))
    expect(ends).toEqual([])
    merge.add(1, batchOf([20], 20))
    expect(ends).toEqual([10, 20])
    merge.add(1, batchOf([], 40))
    expect(ends).toEqual([10, 20, 30])
  })

  test('nobody waits for a worker that has finished, until all begin again', () => {
    const { merge, ends } = mergeOf(2)
    merge.add(0, batchOf([10], 15))
    merge.finish(1)
    expect(ends).toEqual([10])
    merge.finish(0)
    merge.begin()
    merge.add(0, batchOf([20], 25))
    expect(ends).toEqual([10])
    merge.finish(1)
    expect(ends).toEqual([10, 20])
  })

  test('whatever arrives when, all rows come out, in the order in which they ended', () => {
    const worker = fc.array(fc.array(fc.nat(1000), { maxLength: 5 }), { maxLength: 6 })
    const any = fc.record({
      workers: fc.array(worker, { minLength: 1, maxLength: 5 }),
      turns: fc.array(fc.nat(4), { maxLength: 40 }),
    })
    fc.assert(
      fc.property(any, ({ workers, turns }) => {
        const { merge, ends } = mergeOf(workers.length)
        const queues = workers.map((batches) => {
          const sorted = batches.flat().toSorted((one, other) => one - other)
          return batches.map(({ length }) => {
            const rows = sorted.splice(0, length)
            return batchOf(rows, sorted[0] ?? 2000)
          })
        })
        const sendNext = (index: number) => {
          const batch = queues[index]?.shift()
          if (batch !== undefined) merge.add(index, batch)
        }
        for (const turn of turns) sendNext(turn)
        for (const [index, queue] of queues.entries()) {
          while (queue.length > 0) sendNext(index)
          merge.finish(index)
        }
        expect(ends).toEqual(workers.flat(2).toSorted((one, other) => one - other))
      }),
    )
  })
})
