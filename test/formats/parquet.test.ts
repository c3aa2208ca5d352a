import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { okLatencies } from '../../src/analysis/latencies.ts'
import { render } from '../../src/formats/parquet.ts'
import { savedRunOf } from '../../src/formats/saved-run.ts'
import { comparisonRecord, storedRun } from '../helpers/saved-runs.ts'

async function fileOf(record = comparisonRecord()): Promise<ArrayBuffer> {
  const rendered = await render(savedRunOf(record), { samples: false })
  if (typeof rendered === 'string') throw new Error('no bytes')
  return rendered.buffer
}

test('holds every sample, in columns of their types', async () => {
  const record = comparisonRecord()
  const file = await fileOf(record)
  const rows = await parquetReadObjects({ file })
  expect(rows).toHaveLength(record.measurements.reduce((sum, one) => sum + one.samples.length, 0))
  const [first] = rows
  expect(first).toMatchObject({ endpoint: 'direct', concurrency: 1, outcome: 'ok', status: 200 })
  expect(first).toMatchObject({ reused_connection: true, body_bytes: 2n })
  // A closed loop intends no instant: null, which readers tell from 0.
  expect(first?.['intended_at_ms'] ?? null).toBeNull()
  const read = rows
    .filter(({ endpoint, concurrency, outcome }) => {
      return endpoint === 'proxy' && concurrency === 4 && outcome === 'ok'
    })
    .map((row) => Number(row['latency_ms']))
  const [, , , proxy] = record.measurements
  expect(proxy).toBeDefined()
  expect(read).toEqual(
    Array.from(proxy === undefined ? [] : okLatencies(proxy), (ms) => Number(ms.toFixed(6))),
  )
})

test('says in its metadata what the run was', async () => {
  const { key_value_metadata: told, num_rows: rows } = parquetMetadata(await fileOf())
  expect(told).toContainEqual({ key: 'model', value: 'm' })
  expect(told).toContainEqual({ key: 'started_at', value: '2026-01-01T00:00:00.000Z' })
  expect(rows).toBe(1202n)
})

test('a run that was stopped before its first request has no rows', async () => {
  expect(
    await parquetReadObjects({ file: await fileOf(comparisonRecord({ measurements: [] })) }),
  ).toEqual([])
})

test('a result file has no samples', () => {
  expect(() => render(storedRun(comparisonRecord()), { samples: false })).toThrow(/--run-file/)
})
