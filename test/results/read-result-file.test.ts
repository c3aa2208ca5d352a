import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { okLatencies } from '../../src/analysis/latencies.ts'
import { blockTables } from '../../src/report/block-tables.ts'
import { levelReport, storedReport } from '../../src/report/run-report.ts'
import { readResultFile } from '../../src/results/read-result-file.ts'
import { buildResult } from '../../src/results/result-file.ts'
import { BLOCKED, buildMeasurement, roundRows } from '../helpers/measurement-builder.ts'
import { buildRecord } from '../helpers/settings.ts'

const side = (endpoint: string, added: number) =>
  buildMeasurement(
    roundRows(6, 40, (round, sequence) => 10 + added + round + (sequence % 7) / 3),
    { endpoint },
  )

describe('readResultFile', () => {
  test('gives the tables that the run printed', () => {
    const record = buildRecord([side('direct', 0), side('proxy', 4)])
    const result = analyse(record)
    const latencies = record.measurements.map((one) => okLatencies(one))
    const text = JSON.stringify(buildResult(record, result, latencies))
    const read = readResultFile('a.json', text)
    const level = { concurrency: 1 }
    expect(levelReport(read, level)).toBe(levelReport(result, level))
    expect(read.warnings).toEqual(result.warnings)
  })

  test('gives the tables of blocks', () => {
    const rows = roundRows(6, 40, (round, sequence) => 10 + round + (sequence % 7) / 3)
    const blocking = rows.map((row, index) => ({
      ...row,
      promptIndex: index % 8,
      ...(index % 2 === 0 ? { ground: BLOCKED, latencyMs: 1 } : {}),
    }))
    const proxy = buildMeasurement(blocking, { endpoint: 'proxy' })
    const promptLabels = rows.map((_, index) => (index % 2 === 0 ? 'malicious' : 'benign'))
    const record = buildRecord([side('direct', 0), proxy], { promptLabels })
    const result = analyse(record)
    const latencies = record.measurements.map((one) => okLatencies(one))
    const read = readResultFile('a.json', JSON.stringify(buildResult(record, result, latencies)))
    const tables = blockTables(result.summaries)
    expect(tables).toHaveLength(2)
    expect(blockTables(read.summaries)).toEqual(tables)
    for (const table of tables) expect(storedReport(read)).toContain(table)
    expect(levelReport(read, { concurrency: 1 })).toBe(levelReport(result, { concurrency: 1 }))
  })

  test('reads version 1, which has no intervals', () => {
    const text = readFileSync(join(import.meta.dirname, '../fixtures/result-v1.json'), 'utf8')
    const { summaries, overheads } = readResultFile('v1.json', text)
    expect(summaries.map(({ endpoint, ok }) => [endpoint, ok])).toEqual([
      ['direct', 3],
      ['proxy', 3],
    ])
    const mean = overheads[0]?.rows.find(({ metric }) => metric === 'mean')
    expect(mean?.delta.value).toBe(5)
    expect(mean?.interval.reason).toBe('the file is of a version without intervals')
  })

  test.each([
    ['{', 'neither a run file nor JSON'],
    ['{"a":1}', 'holds no runs'],
    ['[]', 'holds no runs'],
    ['{"schema_version":99,"runs":[]}', 'schema version 99'],
  ])('%s is refused: %s', (text, problem) => {
    expect(() => readResultFile('x', text)).toThrow(problem)
  })
})
