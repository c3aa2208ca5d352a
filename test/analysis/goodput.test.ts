import { describe, expect, test } from 'vitest'
import { isClientLimited, judgeTrial, longestLimit } from '../../src/analysis/capacity.ts'
import { attainmentOf, goodputOf } from '../../src/analysis/goodput.ts'
import { buildMeasurement, type Row, streamOf } from '../helpers/measurement-builder.ts'

/** TTFT 30 ms and TPOT 10 ms, TTFT 80 ms, TPOT 40 ms, and a failure. */
const ROWS: Row[] = [
  { latencyMs: 60, stream: streamOf([30, 40, 50]) },
  { latencyMs: 110, stream: streamOf([80, 90, 100]) },
  { latencyMs: 120, stream: streamOf([30, 70, 110]) },
  { outcome: 'reset', stream: streamOf([]) },
]
const measurement = buildMeasurement(ROWS.map((row) => ({ ...row, lagMs: 0 })))

describe('goodput', () => {
  test.each([
    [{ e2eMs: 115 }, 2],
    [{ ttftMs: 30 }, 2],
    [{ tpotMs: 10 }, 2],
    [{ ttftMs: 100, tpotMs: 100, e2eMs: 1000 }, 3],
    [{ ttftMs: 50, tpotMs: 20, e2eMs: 100 }, 1],
    [{ ttftMs: 29 }, 0],
  ])('counts ok answers within all of %j', (slo, within) => {
    expect(goodputOf(measurement, slo, 500).value).toBe(within * 2)
    expect(attainmentOf(measurement, slo, 4).value).toBe(within / 4)
  })

  test('one token keeps any limit on TPOT, no content none on TTFT', () => {
    const rows: Row[] = [
      { stream: streamOf([30]) },
      { stream: streamOf([], { outputTokens: 0, firstChunkAt: 5 }) },
    ]
    expect(goodputOf(buildMeasurement(rows), { tpotMs: 1 }, 1000).value).toBe(2)
    expect(goodputOf(buildMeasurement(rows), { ttftMs: 100 }, 1000).value).toBe(1)
  })

  test('is absent where usage is, or streams are', () => {
    const blind = buildMeasurement([{ stream: streamOf([30, 40], { outputTokens: undefined }) }])
    expect(goodputOf(blind, { tpotMs: 50 }, 1000).reason).toBe(
      '1 of 1 answers reported no usage, which TPOT needs',
    )
    expect(goodputOf(blind, { ttftMs: 50 }, 1000).value).toBe(1)
    expect(goodputOf(buildMeasurement([{}]), { ttftMs: 50 }, 1000).reason).toContain('--stream')
  })
})

describe('a trial of the capacity search', () => {
  test('is judged by the same limits', () => {
    expect(judgeTrial(measurement, { ttftMs: 30 }, 0.5)).toMatchObject({
      attainment: { value: 0.5 },
      passed: true,
    })
    expect(judgeTrial(measurement, { ttftMs: 30, tpotMs: 10 }, 0.5).passed).toBe(false)
  })

  test('blames the client only where its lateness is in what is limited', () => {
    const trial = {
      ...{ rate: 10, requests: 4, attainment: { value: 0 } as const },
      ...{ lagP99Ms: 9, heldBack: 0, passed: false },
    }
    expect(isClientLimited(trial, { ttftMs: 50, e2eMs: 5000 })).toBe(true)
    expect(isClientLimited(trial, { e2eMs: 5000 })).toBe(false)
    expect(isClientLimited(trial, { tpotMs: 1 })).toBe(false)
    expect(longestLimit({ ttftMs: 50, e2eMs: 5000 })).toBe(5000)
  })
})
