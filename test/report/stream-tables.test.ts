import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import { STREAM_FLAGS } from '../../src/model/stream.ts'
import { streamTables } from '../../src/report/stream-tables.ts'
import { buildMeasurement, type Row, streamOf } from '../helpers/measurement-builder.ts'
import { buildRecord } from '../helpers/settings.ts'

const GOLDEN = '../fixtures/golden'

const textOf = (measurements: readonly Measurement[]) =>
  streamTables(analyse(buildRecord(measurements)).streams).join('\n')

function rowsOf(extraMs: number): Row[] {
  return Array.from({ length: 120 }, (_, sequence) => {
    const first = 30 + extraMs + (sequence % 7)
    return {
      sequence,
      round: Math.floor(sequence / 20),
      latencyMs: first + 40,
      stream: streamOf([0, 8, 16, 24].map((later) => first + later)),
    }
  })
}

describe('stream tables', () => {
  test('of a comparison', async () => {
    const text = textOf([
      buildMeasurement(rowsOf(0), { endpoint: 'direct' }),
      buildMeasurement(rowsOf(5), { endpoint: 'proxy' }),
    ])
    await expect(text).toMatchFileSnapshot(`${GOLDEN}/stream-tables.md`)
  })

  test('of one endpoint that reports no usage', async () => {
    const rows = rowsOf(0).map((row) => ({
      ...row,
      stream: streamOf([30, 40], { outputTokens: undefined, flags: STREAM_FLAGS.events }),
    }))
    await expect(textOf([buildMeasurement(rows)])).toMatchFileSnapshot(
      `${GOLDEN}/stream-tables-no-usage.md`,
    )
  })

  test('are none without streams', () => {
    expect(textOf([buildMeasurement([{}, {}])])).toBe('')
  })
})
