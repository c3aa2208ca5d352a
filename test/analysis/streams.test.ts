import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import { STREAM_FLAGS } from '../../src/model/stream.ts'
import type { StreamMetricName, StreamResult } from '../../src/model/stream-result.ts'
import { buildMeasurement, type Row, streamOf } from '../helpers/measurement-builder.ts'
import { buildRecord } from '../helpers/settings.ts'

function streamsOf(measurements: readonly Measurement[]): StreamResult {
  const { streams } = analyse(buildRecord(measurements))
  if (streams === undefined) throw new Error('no streams')
  return streams
}

/** Rounds of answers whose chunks come 10 ms apart from `ttftMs` on, both a function of the sequence. */
function rowsOf(rounds: number, each: number, ttftMs: (sequence: number) => number): Row[] {
  return Array.from({ length: rounds * each }, (_, sequence) => {
    const first = ttftMs(sequence)
    return {
      sequence,
      round: Math.floor(sequence / each),
      latencyMs: first + 50,
      stream: streamOf([0, 1, 2, 3, 4].map((chunk) => first + chunk * 10)),
    }
  })
}

const direct = (rows: readonly Row[]) => buildMeasurement(rows, { endpoint: 'direct' })
const proxy = (rows: readonly Row[]) => buildMeasurement(rows, { endpoint: 'proxy' })

function figureOf(result: StreamResult, metric: StreamMetricName) {
  const found = result.summaries[0]?.figures.find((one) => one.metric === metric)
  if (found === undefined) throw new Error(`no ${metric}`)
  return found
}

describe('figures', () => {
  const result = streamsOf([direct(rowsOf(4, 10, () => 30))])

  test('are computed by their formulas', () => {
    const meanOf = (metric: StreamMetricName) => figureOf(result, metric).statistics.mean.value
    expect(meanOf('ttfc')).toBe(30)
    expect(meanOf('ttft')).toBe(30)
    expect(meanOf('icl')).toBeCloseTo(10, 6)
    // 40 ms over the 4 tokens after the first.
    expect(meanOf('tpot')).toBeCloseTo(10, 6)
    // 5 tokens in 80 ms.
    expect(meanOf('tokens_per_s')).toBeCloseTo(62.5, 6)
    expect(meanOf('chunks')).toBe(5)
  })

  test('count answers, and for gaps the gaps', () => {
    expect(figureOf(result, 'ttft').count).toBe(40)
    expect(figureOf(result, 'icl').count).toBe(160)
  })

  test('have quantiles only with ten values beyond', () => {
    expect(figureOf(result, 'ttft').statistics.p50.value).toBe(30)
    expect(figureOf(result, 'ttft').statistics.p90).toEqual({
      value: undefined,
      reason: 'needs 100',
    })
    expect(figureOf(result, 'icl').statistics.p90.value).toBeCloseTo(10, 6)
  })

  test('tokens per second are of all answers over the duration', () => {
    const [summary] = result.summaries
    expect(summary?.outputTokens.value).toBe(200)
    expect(summary?.outputTokensPerS.value).toBeGreaterThan(0)
  })
})

describe('what was not earned is absent, with its reason', () => {
  test('no usage, no TPOT', () => {
    const rows = rowsOf(1, 4, () => 30).map((row) => ({
      ...row,
      stream: streamOf([30, 40], { outputTokens: undefined }),
    }))
    const result = streamsOf([direct(rows)])
    expect(figureOf(result, 'tpot').statistics.mean).toEqual({
      value: undefined,
      reason: 'no answer reported usage of two tokens or more',
    })
    expect(figureOf(result, 'icl').statistics.mean.value).toBeCloseTo(10, 6)
    expect(result.summaries[0]?.outputTokens.reason).toBe('4 of 4 answers reported no usage')
  })

  test('one token has no TPOT, and one chunk no gap', () => {
    const rows: Row[] = [{ stream: streamOf([30]) }, { stream: streamOf([31]) }]
    const result = streamsOf([direct(rows)])
    expect(figureOf(result, 'tpot').count).toBe(0)
    expect(figureOf(result, 'icl').statistics.mean.reason).toBe('no answer held two content chunks')
    expect(figureOf(result, 'ttft').statistics.mean.value).toBe(30.5)
  })

  test('without streams there is nothing', () => {
    expect(analyse(buildRecord([direct([{}, {}])])).streams).toBeUndefined()
  })
})

test('in an open loop TTFT counts from the intended instant', () => {
  const rows: Row[] = [0, 1].map((sequence) => ({ sequence, lagMs: 4, stream: streamOf([30]) }))
  expect(figureOf(streamsOf([direct(rows)]), 'ttft').statistics.mean.value).toBe(34)
})

test('what a proxy blocks is no answer: a block comes fast', () => {
  const blocked = { kind: 'blocked', rule: 'llmtrace/blocked' } as const
  const rows: Row[] = [
    { sequence: 0, stream: streamOf([30, 40]) },
    { sequence: 1, stream: streamOf([2, 3]), ground: blocked },
  ]
  const result = streamsOf([direct(rows)])
  expect(result.summaries[0]?.answers).toBe(1)
  expect(figureOf(result, 'ttft')).toMatchObject({ count: 1 })
})

describe('streams that the client ended', () => {
  const flags = STREAM_FLAGS.events | STREAM_FLAGS.cancelledAsAsked
  const rows: Row[] = [30, 32].map((first, sequence) => ({
    sequence,
    outcome: 'cancelled' as const,
    stream: streamOf([first, first + 10], { flags, outputTokens: undefined }),
  }))
  const result = streamsOf([direct(rows)])

  test('are counted apart', () => {
    expect(result.summaries[0]).toMatchObject({ answers: 0, cancelledAsAsked: 2 })
  })

  test('have a first token, and no length of an answer', () => {
    expect(figureOf(result, 'ttft').statistics.mean.value).toBe(31)
    expect(figureOf(result, 'chunks').count).toBe(0)
  })

  test('others that were cancelled count nowhere', () => {
    const stopped: Row[] = [{ outcome: 'cancelled', stream: streamOf([30]) }]
    expect(figureOf(streamsOf([direct(stopped)]), 'ttft').count).toBe(0)
  })
})

describe('overhead', () => {
  const noise = (sequence: number) => 30 + (sequence % 7)
  const result = streamsOf([
    direct(rowsOf(6, 20, noise)),
    proxy(rowsOf(6, 20, (sequence) => noise(sequence) + 5)),
  ])
  const rowOf = (metric: StreamMetricName, statistic: string) =>
    result.overheads[0]?.comparisons
      .find((one) => one.metric === metric)
      ?.rows.find((row) => row.metric === statistic)

  test('is the difference of the statistics, with an interval', () => {
    const row = rowOf('ttft', 'p50')
    expect(row?.delta.value).toBeCloseTo(5, 6)
    expect(row?.interval.value?.low).toBeLessThanOrEqual(5.000001)
    expect(row?.interval.value?.high).toBeGreaterThanOrEqual(4.999999)
    expect(rowOf('icl', 'mean')?.delta.value).toBeCloseTo(0, 6)
  })

  test('is of pairs with both sides ok only', () => {
    const failed = rowsOf(6, 20, noise).map((row): Row =>
      row.sequence === 3 ? { ...row, outcome: 'reset' } : row,
    )
    const slow = rowsOf(6, 20, noise).map((row) =>
      row.sequence === 3 ? { ...row, stream: streamOf([9000]) } : row,
    )
    const { overheads } = streamsOf([direct(failed), proxy(slow)])
    const ttft = overheads[0]?.comparisons.find(({ metric }) => metric === 'ttft')
    expect(ttft?.rows.find(({ metric }) => metric === 'mean')?.delta.value).toBeCloseTo(0, 6)
  })

  test('has no interval of one round', () => {
    const { overheads } = streamsOf([direct(rowsOf(1, 40, noise)), proxy(rowsOf(1, 40, noise))])
    expect(overheads[0]?.comparisons[0]?.rows[0]?.interval.reason).toContain('1 round is too few')
  })
})
