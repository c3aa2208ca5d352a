import { describe, expect, test } from 'vitest'
import { findServerUsage } from '../../src/analysis/server-usage.ts'
import { summarize } from '../../src/analysis/summarize.ts'
import type { ProcessUsage } from '../../src/model/process-usage.ts'
import { serverUsageTable } from '../../src/report/server-usage-table.ts'
import { buildMeasurement, okRows } from '../helpers/measurement-builder.ts'

function summaryOf(endpoint: string, requests: number, concurrency = 1) {
  const rows = okRows(Array.from({ length: requests }, () => 5))
  return summarize(buildMeasurement(rows, { endpoint, level: { concurrency } }), undefined)
}

function usage(name: string, given: Partial<ProcessUsage> = {}): ProcessUsage {
  const level = { concurrency: 1 }
  return { name, level, wallMs: 1000, cpuMs: 300, peakRssBytes: 64 * 2 ** 20, ...given }
}

describe('findServerUsage', () => {
  const summaries = [summaryOf('direct', 100), summaryOf('proxy', 50), summaryOf('proxy', 7, 2)]

  test('shares a process out over the requests that it served', () => {
    const processes = [
      usage('proxy'),
      usage('direct'),
      usage('model'),
      usage('app', { endpoint: 'proxy' }),
      usage('proxy', { level: { concurrency: 2 } }),
    ]
    const found = findServerUsage(processes, summaries, 'direct')
    expect(found.map(({ requests, requestsOf }) => [requests, requestsOf])).toEqual([
      [50, 'proxy'],
      // The baseline answers the proxy's requests too.
      [150, undefined],
      [150, undefined],
      [50, 'proxy'],
      [7, 'proxy'],
    ])
    expect(found[0]).toMatchObject({ cpuPerRequestMs: 6, coreShare: 0.3 })
  })

  test('has no figure a request where none ended', () => {
    const [found] = findServerUsage(
      [usage('proxy', { level: { concurrency: 9 } })],
      summaries,
      'direct',
    )
    expect(found?.cpuPerRequestMs).toBeUndefined()
    expect(serverUsageTable(found === undefined ? [] : [found])).toContain('| n/a | 0 |')
  })

  test('is printed, with a bound where the clock of the system is too coarse', () => {
    const processes = [usage('proxy'), usage('model', { cpuMs: 20 })]
    const table = serverUsageTable(findServerUsage(processes, summaries, 'direct'))
    expect(table).toContain('| 1 | proxy | 6.00ms | 50 | proxy | 30% | 64 MiB |')
    expect(table).toContain('| 1 | model | < 0.67ms | 150 | all | 2% | 64 MiB |')
    expect(serverUsageTable([])).toBe('')
  })
})
