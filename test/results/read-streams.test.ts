import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { okLatencies } from '../../src/analysis/latencies.ts'
import { streamTables } from '../../src/report/stream-tables.ts'
import { parseResultFile } from '../../src/results/read-result-file.ts'
import { readStreams } from '../../src/results/read-streams.ts'
import { buildResult } from '../../src/results/result-file.ts'
import { buildMeasurement, type Row, streamOf } from '../helpers/measurement-builder.ts'
import { buildRecord } from '../helpers/settings.ts'

function rowsOf(extraMs: number): Row[] {
  return Array.from({ length: 240 }, (_, sequence) => {
    const first = 30 + extraMs + (sequence % 7)
    const stream = streamOf([0, 8, 16].map((later) => first + later))
    return { sequence, round: Math.floor(sequence / 40), latencyMs: first + 30, stream }
  })
}

const record = buildRecord([
  buildMeasurement(rowsOf(0), { endpoint: 'direct' }),
  buildMeasurement(rowsOf(5), { endpoint: 'proxy' }),
])
const result = analyse(record)

function stored(): string {
  const latencies = record.measurements.map((measurement) => okLatencies(measurement))
  return JSON.stringify(buildResult(record, result, latencies))
}

describe('streams of a result file', () => {
  test('give the tables that the run gave', () => {
    const read = readStreams(parseResultFile('r.json', stored()))
    expect(streamTables(read)).toEqual(streamTables(result.streams))
  })

  test('are none in a file of an older version, and of a run without streams', () => {
    expect(readStreams(parseResultFile('r.json', '{"runs": []}'))).toBeUndefined()
  })

  test('of a damaged file are read as far as they go', () => {
    const file = {
      streams: { runs: [{}], overhead: [{ metrics: 5 }], integrity: [{ checks: [] }] },
    }
    const read = readStreams(file)
    expect(read?.summaries[0]?.figures[0]?.statistics.mean.value).toBeUndefined()
    expect(() => streamTables(read)).not.toThrow()
  })
})
