import { describe, expect, test, vi } from 'vitest'
import { MemoryStore } from '../../../../src/servers/proxy/store/memory-store.ts'
import { StoreKeeper } from '../../../../src/servers/proxy/store/store-keeper.ts'
import type { TraceStore } from '../../../../src/servers/proxy/store/trace-store.ts'
import { buildRecord } from '../../../helpers/exchange-records.ts'

const FOREVER = { days: 1e6, bytes: 1e12 }
const QUESTION = {
  target: '/api/v1/spans',
  tenantId: undefined,
  counts: { written: 0, dropped: 0, failedWrites: 0, waiting: 0, failing: false },
}

async function totalOf(keeper: StoreKeeper): Promise<unknown> {
  const { body } = await keeper.answer(QUESTION)
  return (JSON.parse(new TextDecoder().decode(body)) as { total: number }).total
}

describe('the keeper of a store', () => {
  test('opens once, for as many as ask at once', async () => {
    let opened = 0
    const keeper = new StoreKeeper(async () => {
      opened += 1
      return new MemoryStore()
    }, FOREVER)
    await Promise.all([keeper.open(), keeper.append([buildRecord()]), totalOf(keeper)])
    expect(opened).toBe(1)
  })

  test('opens again after that failed', async () => {
    let attempts = 0
    const keeper = new StoreKeeper(async (): Promise<TraceStore> => {
      attempts += 1
      if (attempts < 3) throw new Error('not yet')
      return new MemoryStore()
    }, FOREVER)
    await expect(keeper.open()).rejects.toThrow('not yet')
    await expect(keeper.append([buildRecord()])).rejects.toThrow('not yet')
    await keeper.append([buildRecord()])
    expect(await totalOf(keeper)).toBe(1)
    await keeper.close()
  })

  test('closes without complaint what never opened', async () => {
    const keeper = new StoreKeeper(async () => Promise.reject(new Error('never')), FOREVER)
    await keeper.close()
    await expect(keeper.open()).rejects.toThrow('never')
    await keeper.close()
  })

  test('lets go of what becomes too old while nothing comes', async () => {
    vi.useFakeTimers()
    try {
      const store = new MemoryStore()
      const keeper = new StoreKeeper(async () => store, { days: 1 / 24 / 60, bytes: 1e9 })
      await keeper.open()
      await keeper.append([buildRecord({ startedAt: Date.now() })])
      await vi.advanceTimersByTimeAsync(59_000)
      expect(await totalOf(keeper)).toBe(1)
      await vi.advanceTimersByTimeAsync(62_000)
      expect(await totalOf(keeper)).toBe(0)
      await keeper.close()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  test('lets go of what is too old when it opens, and of what is too much as it comes', async () => {
    const store = new MemoryStore()
    const day = 24 * 60 * 60 * 1000
    await store.append([buildRecord({ startedAt: Date.now() - 3 * day })])
    const keeper = new StoreKeeper(async () => store, { days: 2, bytes: 10_000 })
    await keeper.open()
    expect(await totalOf(keeper)).toBe(0)
    for (let index = 0; index < 100; index += 1) {
      await keeper.append([buildRecord({ startedAt: Date.now(), prompt: 'x'.repeat(1000) })])
    }
    const { bytes, exchanges } = await store.totals({})
    expect(bytes).toBeLessThanOrEqual(12_000)
    expect(exchanges).toBeGreaterThan(4)
  })
})

describe('records in memory', () => {
  test('are bounded by their number and by their size', async () => {
    const store = new MemoryStore({ records: 10, bytes: 20_000 })
    const small = Array.from({ length: 25 }, () => buildRecord())
    await store.append(small)
    const { items } = await store.exchanges({}, { limit: 100, offset: 0 })
    expect(items).toEqual(small.slice(15).toReversed())
    await store.append([buildRecord({ prompt: 'x'.repeat(19_000) })])
    const { exchanges, bytes } = await store.totals({})
    expect(bytes).toBeLessThanOrEqual(20_000)
    expect(exchanges).toBeLessThan(4)
  })
})
