import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ExchangeRecord } from '../../../../src/servers/proxy/exchange-record.ts'
import { RecordQueue } from '../../../../src/servers/proxy/store/record-queue.ts'
import { buildRecord } from '../../../helpers/exchange-records.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A store that keeps what it is given, and fails while it is told to. */
class ScriptedStore {
  readonly kept: ExchangeRecord[] = []
  readonly batches: number[] = []
  readonly lines: string[] = []
  failing = false
  attempts = 0

  queue(given: { mostRecords?: number; mostLength?: number } = {}): RecordQueue {
    return new RecordQueue({
      append: async (records) => {
        this.attempts += 1
        if (this.failing) throw new Error('disk full')
        this.kept.push(...records)
        this.batches.push(records.length)
      },
      warn: (line) => this.lines.push(line),
      ...given,
    })
  }
}

function many(count: number, given: Partial<ExchangeRecord> = {}): ExchangeRecord[] {
  return Array.from({ length: count }, () => buildRecord(given))
}

describe('the queue of records', () => {
  test('writes after 100 ms, and nothing before', async () => {
    const store = new ScriptedStore()
    const queue = store.queue()
    for (const record of many(3)) queue.add(record)
    await vi.advanceTimersByTimeAsync(99)
    expect(store.kept).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(store.batches).toEqual([3])
    expect(queue.counts()).toEqual({
      written: 3,
      dropped: 0,
      failedWrites: 0,
      waiting: 0,
      failing: false,
    })
  })

  test('writes a full batch at once, and never more in one piece', async () => {
    const store = new ScriptedStore()
    const queue = store.queue()
    for (const record of many(450)) queue.add(record)
    await vi.advanceTimersByTimeAsync(5)
    expect(store.batches).toEqual([200, 200])
    await vi.advanceTimersByTimeAsync(100)
    expect(store.batches).toEqual([200, 200, 50])
  })

  test('long texts make small batches', async () => {
    const store = new ScriptedStore()
    const queue = store.queue()
    for (const record of many(5, { prompt: 'x'.repeat(600_000) })) queue.add(record)
    await vi.advanceTimersByTimeAsync(600)
    expect(store.batches).toEqual([1, 1, 1, 1, 1])
  })

  test('a store that fails is tried again, ever more rarely, and nothing is lost while there is room', async () => {
    const store = new ScriptedStore()
    const queue = store.queue()
    store.failing = true
    const given = many(3)
    for (const record of given) queue.add(record)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(store.attempts).toBeGreaterThan(4)
    expect(store.attempts).toBeLessThan(9)
    expect(queue.counts()).toMatchObject({ failing: true, waiting: 3, dropped: 0 })
    store.failing = false
    await vi.advanceTimersByTimeAsync(5000)
    expect(store.kept).toEqual(given)
    expect(queue.counts()).toMatchObject({ failing: false, waiting: 0, written: 3 })
    expect(store.lines).toEqual([expect.stringContaining('the store fails (disk full)')])
  })

  test('a failure before the first record does not keep it from being written', async () => {
    const store = new ScriptedStore()
    const queue = store.queue()
    queue.noteFailure(new Error('no such folder'))
    queue.add(buildRecord())
    await vi.advanceTimersByTimeAsync(6000)
    expect(queue.counts()).toMatchObject({ written: 1, failing: false, failedWrites: 1 })
    expect(store.lines).toHaveLength(1)
  })

  test.each([
    ['records', { mostRecords: 5 }],
    ['text', { mostLength: 5 * buildRecord().prompt!.length + 5 * 'Paris.'.length }],
  ])('is bounded by %s: what is too much is counted, and said once', async (_, bounds) => {
    const store = new ScriptedStore()
    store.failing = true
    const queue = store.queue(bounds)
    for (const record of many(8)) queue.add(record)
    expect(queue.counts()).toMatchObject({ waiting: 5, dropped: 3 })
    await vi.advanceTimersByTimeAsync(200)
    expect(store.lines.filter((line) => line.includes('are lost'))).toHaveLength(1)
  })

  test('what waits is written at the end', async () => {
    const store = new ScriptedStore()
    const queue = store.queue()
    for (const record of many(430)) queue.add(record)
    await queue.close(5000)
    expect(store.kept).toHaveLength(430)
    expect(queue.counts()).toMatchObject({ written: 430, dropped: 0, waiting: 0 })
    // One that is left would hold the process.
    expect(vi.getTimerCount()).toBe(0)
  })

  test('what a broken store does not take by the end is counted and said', async () => {
    const store = new ScriptedStore()
    store.failing = true
    const queue = store.queue()
    for (const record of many(7)) queue.add(record)
    const closed = queue.close(1000)
    await vi.advanceTimersByTimeAsync(1100)
    await closed
    expect(queue.counts()).toMatchObject({ dropped: 7, waiting: 0 })
    expect(store.lines.at(-1)).toContain('7 records are lost')
  })

  test('a store that hangs does not keep the end waiting', async () => {
    const lines: string[] = []
    const queue = new RecordQueue({
      append: () => new Promise(() => {}),
      warn: (line) => lines.push(line),
    })
    queue.add(buildRecord())
    const closed = queue.close(1000)
    await vi.advanceTimersByTimeAsync(1000)
    await closed
    expect(lines).toEqual([expect.stringContaining('1 records are lost')])
  })

  test('every record is written, dropped or waiting, in the order of arrival', async () => {
    type Step = { readonly add: number } | { readonly failing: boolean } | { readonly ms: number }
    const steps: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ failing: fc.boolean() }),
      fc.record({ ms: fc.integer({ min: 1, max: 3000 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 20 }), async (script) => {
        const store = new ScriptedStore()
        const queue = store.queue({ mostRecords: 500 })
        const added: ExchangeRecord[] = []
        for (const step of script) {
          if ('failing' in step) store.failing = step.failing
          else if ('ms' in step) await vi.advanceTimersByTimeAsync(step.ms)
          else {
            for (const record of many(step.add)) {
              added.push(record)
              queue.add(record)
            }
          }
          const { written, dropped, waiting } = queue.counts()
          expect(written + dropped + waiting).toBe(added.length)
          expect(waiting).toBeLessThanOrEqual(500)
        }
        store.failing = false
        const closed = queue.close(60_000)
        await vi.advanceTimersByTimeAsync(60_000)
        await closed
        expect(store.kept).toHaveLength(added.length - queue.counts().dropped)
        const place = new Map(added.map((record, index) => [record, index]))
        const places = store.kept.map((record) => place.get(record) ?? -1)
        expect(places).toEqual(places.toSorted((a, b) => a - b))
      }),
      { numRuns: 60 },
    )
  })
})
