import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { render } from '../../src/formats/csv.ts'
import { savedRunOf } from '../../src/formats/saved-run.ts'
import { comparisonRecord, storedRun } from '../helpers/saved-runs.ts'

type Rows = Record<string, string>[]

const read = (text: unknown): Rows => parse<Record<string, string>>(String(text), { columns: true })

test('a row an endpoint and level, with the overhead beside the candidate', () => {
  const run = savedRunOf(comparisonRecord())
  const rows = read(render(run, { samples: false }))
  expect(rows.map(({ endpoint, concurrency }) => [endpoint, concurrency])).toEqual([
    ['direct', '1'],
    ['proxy', '1'],
    ['direct', '4'],
    ['proxy', '4'],
  ])
  const [direct, proxy] = rows
  const p50 = run.result.overheads[0]?.rows.find(({ metric }) => metric === 'p50')
  expect(Number(proxy?.['delta_p50_ms'])).toBeCloseTo(p50?.delta.value ?? 0, 5)
  expect(Number(proxy?.['delta_p50_ms_low'])).toBeCloseTo(p50?.interval.value?.low ?? 0, 5)
  expect(proxy?.['baseline']).toBe('direct')
  expect(direct?.['baseline']).toBe('')
  // Needs 1000 requests: absent, and not 0.
  expect(proxy?.['delta_p99_ms']).toBe('')
})

test('the same rows from a result file', () => {
  const record = comparisonRecord()
  expect(render(storedRun(record), { samples: false })).toBe(
    render(savedRunOf(record), { samples: false }),
  )
})

test('with --samples a row a request', () => {
  const record = comparisonRecord()
  const rows = read(render(savedRunOf(record), { samples: true }))
  expect(rows).toHaveLength(record.measurements.reduce((sum, one) => sum + one.samples.length, 0))
  expect(rows[0]).toMatchObject({ endpoint: 'direct', outcome: 'ok', status: '200', rate: '' })
  expect(Number(rows[0]?.['latency_ms'])).toBe(20)
  expect(rows.filter(({ outcome }) => outcome === 'throttled')).toHaveLength(2)
})

test('a result file has no samples', () => {
  expect(() => render(storedRun(comparisonRecord()), { samples: true })).toThrow(/--run-file/)
})

test('cells that would break the table are quoted', () => {
  const record = comparisonRecord()
  const model = 'a,"b"\nc '
  const run = savedRunOf({ ...record, spec: { ...record.spec, model } })
  // A line break is no part of a name; the rest is as it was.
  expect(read(render(run, { samples: false }))[0]?.['model']).toBe('a,"b" c ')
})
