import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { matchesFilter } from '../../../../src/servers/proxy/store/matches-filter.ts'
import { storableRecord } from '../../../../src/servers/proxy/store/storable-record.ts'
import type { ExchangeFilter, TraceStore } from '../../../../src/servers/proxy/store/trace-store.ts'
import {
  buildBlocked,
  buildFinding,
  buildRecord,
  records,
} from '../../../helpers/exchange-records.ts'

const ALL = { limit: 1000, offset: 0 }

const name = fc.constantFrom('a', 'B', 'b', 'prompt_injection', "o'clock", '%_', 'absent')
const instant = fc.integer({ min: 1_759_999_999_999, max: 1_760_000_000_011 })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 })

const filters: fc.Arbitrary<ExchangeFilter> = fc.record({
  traceId: maybe(fc.constantFrom('1'.repeat(32), '2'.repeat(32), 'none')),
  tenantId: maybe(name),
  model: maybe(name),
  action: maybe(fc.constantFrom('allow', 'flag', 'block')),
  stream: maybe(fc.boolean()),
  since: maybe(instant),
  until: maybe(instant),
  minScore: maybe(fc.constantFrom(0, 1, 50, 80)),
  maxScore: maybe(fc.constantFrom(0, 60, 100)),
  findingType: maybe(name),
  minSeverity: maybe(fc.integer({ min: 0, max: 4 })),
})

/** What every store does. `open` gives one that is empty. */
export function describeStore(title: string, open: () => Promise<TraceStore>): void {
  describe(`the store ${title}`, () => {
    let store: TraceStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(async () => {
      await store.close()
    })

    test('is empty at first', async () => {
      expect(await store.exchanges({}, ALL)).toEqual({ items: [], total: 0 })
      expect(await store.traces({}, ALL)).toEqual({ items: [], total: 0 })
      expect(await store.exchange('none', {})).toBeUndefined()
      expect(await store.trace('none', {})).toBeUndefined()
      expect(await store.totals({})).toMatchObject({ traces: 0, exchanges: 0, oldestAt: undefined })
    })

    test('gives back what it was given, newest first, by pages', async () => {
      const given = [buildRecord(), buildBlocked(), buildRecord({ stream: true })]
      await store.append(given.slice(0, 2))
      await store.append(given.slice(2))
      const newest = given.toReversed()
      expect(await store.exchanges({}, ALL)).toEqual({ items: newest, total: 3 })
      const page = await store.exchanges({}, { limit: 1, offset: 1 })
      expect(page).toEqual({ items: newest.slice(1, 2), total: 3 })
      expect((await store.exchanges({}, { limit: 5, offset: 3 })).items).toEqual([])
      expect(await store.exchange(given[1]?.spanId ?? '', {})).toEqual(given[1])
    })

    test('keeps a span once, however often a batch is repeated', async () => {
      const batch = [buildRecord(), buildBlocked()]
      await store.append(batch)
      await store.append([...batch, buildRecord()])
      expect((await store.exchanges({}, ALL)).total).toBe(3)
    })

    test('gathers the exchanges of one trace', async () => {
      const traceId = 'ab'.repeat(16)
      const [first, second] = [buildRecord({ traceId }), buildBlocked({ traceId })]
      const other = buildRecord()
      await store.append([first, second, other])
      const trace = {
        traceId,
        startedAt: first.startedAt,
        exchanges: [second, first],
        exchangeCount: 2,
      }
      expect(await store.trace(traceId, {})).toEqual(trace)
      const page = await store.traces({}, ALL)
      expect(page.total).toBe(2)
      expect(page.items.map((one) => one.traceId)).toEqual([other.traceId, traceId])
      expect(await store.traces({}, { limit: 1, offset: 1 })).toEqual({ items: [trace], total: 2 })
      expect(await store.totals({})).toMatchObject({
        traces: 2,
        exchanges: 3,
        oldestAt: first.startedAt,
        newestAt: other.startedAt,
      })
    })

    test('asks of one finding both type and severity', async () => {
      const findings = [
        buildFinding({ type: 'pii_detected', severity: 'Low' }),
        buildFinding({ type: 'jailbreak', severity: 'Critical' }),
      ]
      await store.append([buildBlocked({ findings })])
      const totalOf = async (filter: ExchangeFilter) => (await store.exchanges(filter, ALL)).total
      expect(await totalOf({ findingType: 'pii_detected' })).toBe(1)
      expect(await totalOf({ findingType: 'pii_detected', minSeverity: 2 })).toBe(0)
      expect(await totalOf({ findingType: 'jailbreak', minSeverity: 4 })).toBe(1)
    })

    test('whatever is recorded comes back, and filters mean what they say', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(records, { minLength: 1, maxLength: 30 }),
          filters,
          async (given, filter) => {
            await store.prune({ before: Infinity, bytes: 0 })
            await store.append(given)
            const once = new Map<string, (typeof given)[number]>()
            for (const record of given) {
              if (!once.has(record.spanId)) once.set(record.spanId, storableRecord(record))
            }
            const stored = [...once.values()].map((record, index) => ({ record, index }))
            stored.sort((a, b) => b.record.startedAt - a.record.startedAt || b.index - a.index)
            const ordered = stored.map(({ record }) => record)
            const expected = ordered.filter((record) => matchesFilter(record, filter))
            expect((await store.exchanges({}, ALL)).items).toEqual(ordered)
            const { items, total } = await store.exchanges(filter, ALL)
            expect(items).toEqual(expected)
            expect(total).toBe(expected.length)
            const traceIds = [...new Set(expected.map(({ traceId }) => traceId))]
            const traces = await store.traces(filter, ALL)
            expect(traces.total).toBe(traceIds.length)
            expect(traces.items.flatMap(({ exchanges }) => exchanges)).toHaveLength(expected.length)
          },
        ),
        { numRuns: 40 },
      )
    })

    test('lets go of what is too old', async () => {
      const given = [buildRecord(), buildBlocked(), buildRecord()]
      await store.append(given)
      const before = given[2]?.startedAt ?? 0
      expect(await store.prune({ before, bytes: Infinity })).toBe(2)
      expect((await store.exchanges({}, ALL)).items).toEqual([given[2]])
      expect(await store.prune({ before, bytes: Infinity })).toBe(0)
    })

    test('lets go of the oldest when it is too much', async () => {
      const given = Array.from({ length: 40 }, () => buildRecord({ prompt: 'x'.repeat(10_000) }))
      await store.append(given)
      const gone = await store.prune({ before: 0, bytes: 200_000 })
      const { items } = await store.exchanges({}, ALL)
      expect(items.length).toBeGreaterThan(10)
      expect(items.length).toBeLessThan(20)
      expect(gone).toBe(40 - items.length)
      expect(items).toEqual(given.slice(gone).toReversed())
    })
  })
}
