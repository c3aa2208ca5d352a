import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { judgeTrial } from '../../src/analysis/capacity.ts'
import { compareMeasurements } from '../../src/analysis/overhead.ts'
import { settleVerdicts } from '../../src/analysis/settle-verdicts.ts'
import { summarize } from '../../src/analysis/summarize.ts'
import type { Ground } from '../../src/model/ground.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import { wilson } from '../../src/stats/interval.ts'
import { ALLOWED, BLOCKED, buildMeasurement, type Row } from '../helpers/measurement-builder.ts'
import { buildRecord, PLAIN_SETTINGS } from '../helpers/settings.ts'

const UNEXPLAINED: Ground = { kind: 'undecided', rule: 'answer/lacking', reason: 'unexplained' }
const EMPTY: Ground = { kind: 'undecided', rule: 'answer/lacking', reason: 'empty' }

const block403: Row = { outcome: 'http-error', status: 403, latencyMs: 1, ground: BLOCKED }
const block200: Row = { latencyMs: 1, ground: BLOCKED }

/** Rounds of ten: each odd prompt is an attack, which the proxy blocks at once. */
function sides(rounds: number, addedMs: number) {
  const rows = Array.from({ length: rounds * 10 }, (_, sequence) => ({
    round: Math.floor(sequence / 10),
    sequence,
    promptIndex: sequence % 20,
    latencyMs: 20 + (sequence % 7),
    ground: ALLOWED,
  }))
  const direct = buildMeasurement(rows, { endpoint: 'direct', rounds })
  const proxied = rows.map((row): Row => {
    if (row.sequence % 2 === 0) return { ...row, latencyMs: row.latencyMs + addedMs }
    return { ...row, ...(row.sequence % 4 === 1 ? block403 : block200) }
  })
  return { direct, proxy: buildMeasurement(proxied, { endpoint: 'proxy', rounds }) }
}

const rowOf = (overhead: ReturnType<typeof compareMeasurements>, name: string) =>
  overhead.rows.find(({ metric }) => metric === name)

describe('figures', () => {
  test('count each request once, and keep the latencies apart', () => {
    const measurement = buildMeasurement([
      { latencyMs: 20, promptIndex: 0, ground: ALLOWED },
      { latencyMs: 30, promptIndex: 1, ground: { kind: 'flagged', rule: 'llmtrace/flagged' } },
      { ...block403, promptIndex: 2 },
      { ...block200, promptIndex: 3 },
      { promptIndex: 4, ground: EMPTY },
      { outcome: 'reset', promptIndex: 5, ground: { ...EMPTY, reason: 'transport' } },
      { outcome: 'cancelled', ground: { ...EMPTY, reason: 'cancelled' } },
    ])
    const { blocks, ok, errors, requests } = summarize(measurement)
    expect(blocks).toMatchObject({
      allowed: 2,
      blocked: 2,
      blockedOk: 1,
      undecided: 1,
      errors: 1,
      rate: { blocked: 2, decided: 4, prompts: 4, value: { value: 0.5 } },
      timeToBlock: { p50: { value: 1 } },
      allowedLatency: { mean: { value: 25 } },
      rules: [{ rule: 'llmtrace/enforcement', requests: 2 }],
    })
    // Four prompts are too few for an interval; the specification's counts stay what they are.
    expect(blocks?.rate.interval.reason).toBe('needs 5')
    expect({ ok, errors, requests }).toEqual({ ok: 4, errors: 2, requests: 6 })
  })

  test('every request is in one count', () => {
    const row = fc.record({
      outcome: fc.constantFrom('ok' as const, 'http-error' as const, 'reset' as const),
      ground: fc.constantFrom(ALLOWED, BLOCKED, EMPTY, UNEXPLAINED),
    })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        // A failure is never allowed.
        const sensible = rows.filter(
          ({ outcome, ground }) => outcome === 'ok' || ground !== ALLOWED,
        )
        const { blocks, requests } = summarize(buildMeasurement(sensible))
        const counted = blocks
          ? blocks.allowed + blocks.blocked + blocks.undecided + blocks.errors
          : 0
        expect(counted).toBe(requests)
      }),
    )
  })

  test('the interval takes each prompt once, however often it was sent', () => {
    const { proxy } = sides(10, 0)
    const { rate } = summarize(proxy).blocks ?? {}
    expect(rate).toMatchObject({ blocked: 50, decided: 100, prompts: 20 })
    expect(rate?.interval.value).toMatchObject(wilson(10, 20))
  })

  test('by label, where there are labels', () => {
    const labels = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? ('benign' as const) : ('malicious' as const),
    )
    const { byLabel } = summarize(sides(10, 0).proxy, undefined, labels).blocks ?? {}
    expect(byLabel).toMatchObject([
      { label: 'benign', rate: { blocked: 0, decided: 50, prompts: 10 } },
      { label: 'malicious', rate: { blocked: 50, decided: 50, prompts: 10 } },
    ])
    expect(summarize(sides(10, 0).proxy).blocks?.byLabel).toEqual([])
  })

  test('are absent where nothing was judged', () => {
    expect(summarize(buildMeasurement([{}])).blocks).toBeUndefined()
  })
})

describe('overhead', () => {
  test('is of what both sides answered: 3 ms, not the blocks at 1 ms', () => {
    const { direct, proxy } = sides(10, 3)
    const overhead = compareMeasurements(direct, proxy, { order: 'rounds' })
    expect(overhead).toMatchObject({ pairsBlocked: 50, pairsLeftOut: 0 })
    expect(overhead.paired).toMatchObject({ pairs: 50, typical: { value: 3 } })
    expect(rowOf(overhead, 'p50')?.delta.value).toBeCloseTo(3, 9)
    expect(rowOf(overhead, 'mean')?.delta.value).toBeCloseTo(3, 9)
    // A 403 that blocks is no error.
    expect(rowOf(overhead, 'err_rate')?.candidate.value).toBe(0)
  })

  test('the same rows without verdicts give the naive difference', () => {
    const naive = (one: Measurement): Measurement => {
      const { grounds: _, ...rest } = one
      return rest
    }
    const { direct, proxy } = sides(10, 3)
    const overhead = compareMeasurements(naive(direct), naive(proxy), { order: 'rounds' })
    expect(rowOf(overhead, 'mean')?.delta.value).toBeLessThan(-3)
  })

  test('the sequential order keeps all that was not blocked in pairs only where something was', () => {
    const { direct, proxy } = sides(10, 3)
    const overhead = compareMeasurements(direct, proxy, { order: 'sequential' })
    expect(rowOf(overhead, 'mean')?.delta.value).toBeCloseTo(3, 9)
    const clean = compareMeasurements(direct, direct, { order: 'sequential' })
    expect(clean).toMatchObject({ pairsBlocked: 0, pairsLeftOut: 0 })
  })

  test('throughput of an open loop is that of the prompts that neither side blocked', () => {
    const level = { concurrency: 8, rate: 100 }
    const { direct, proxy } = sides(10, 0)
    const open = compareMeasurements({ ...direct, level }, { ...proxy, level }, { order: 'rounds' })
    const closed = compareMeasurements(direct, proxy, { order: 'rounds' })
    const ratio = (one: typeof open) => rowOf(one, 'ok_rps')?.ratio.value ?? 0
    // Half of what direct sent was blocked on the other side.
    expect(ratio(open) / ratio(closed)).toBeCloseTo(2, 9)
  })
})

describe('the same prompt without the proxy', () => {
  const at = (endpoint: string, ground: Ground, row: Row = {}) =>
    buildMeasurement([{ ...row, ground }], { endpoint })
  const settled = (direct: Measurement, proxy: Measurement) =>
    settleVerdicts(buildRecord([]).plan, [direct, proxy])[1]?.grounds?.at(-1)
  const bare = { outcome: 'http-error' as const, status: 403 }

  test('was answered: then a bare 403 is a block of the proxy', () => {
    const proxy = at('proxy', UNEXPLAINED, bare)
    const wanted = { kind: 'blocked', rule: 'differential/refused', by: 'proxy' }
    expect(settled(at('direct', ALLOWED), proxy)).toEqual(wanted)
  })

  test('was refused as well: then it is none, and no answer either', () => {
    const both = [at('direct', BLOCKED), at('proxy', BLOCKED)] as const
    expect(settled(...both)).toMatchObject({ kind: 'undecided', reason: 'refused-without-proxy' })
    const { overheads, summaries } = analyse(buildRecord(both))
    expect(overheads[0]).toMatchObject({ pairsBlocked: 1, paired: { pairs: 0 } })
    expect(summaries[1]?.blocks).toMatchObject({ blocked: 0, undecided: 1 })
  })

  test('what an answer says of itself is dropped where it was none', () => {
    const fact = { cacheHit: false, cachedTokens: 0, retries: 0, completionTokens: 0 }
    const rest = { contentHash: 'a', truncatedReasoning: false, selfReport: undefined }
    const facts = [0, 1].map((sequence) => ({ sequence, ...fact, ...rest }))
    const proxy = buildMeasurement([{}, block200], { endpoint: 'proxy', facts })
    const [, kept] = settleVerdicts(buildRecord([]).plan, [at('direct', ALLOWED), proxy])
    expect(kept?.facts.map(({ sequence }) => sequence)).toEqual([0])
  })
})

describe('budgets, capacity and warnings', () => {
  test('a block is no error, and no success', () => {
    const { direct, proxy } = sides(10, 3)
    const budgets = { maxOverhead: [], maxErrorRate: 0.1, minOkRps: 1000 }
    const record = buildRecord([direct, proxy], { settings: { ...PLAIN_SETTINGS, budgets } })
    const { budgets: verdicts, warnings } = analyse(record)
    expect(verdicts[0]).toMatchObject({ state: 'PASS', value: 0 })
    const { durationMs } = summarize(proxy)
    expect(verdicts[1]?.value).toBeCloseTo(50 / (durationMs / 1000), 6)
    expect(warnings.map(({ code }) => code)).not.toContain('errors')
  })

  test('a trial that was half blocked kept the SLO with the other half', () => {
    const level = { concurrency: 8, rate: 100 }
    const rows = Array.from({ length: 100 }, (_, index): Row => {
      return { lagMs: 0, ...(index % 2 === 0 ? { ground: ALLOWED } : block403) }
    })
    const trial = judgeTrial(buildMeasurement(rows, { level }), { e2eMs: 50 }, 0.99)
    expect(trial).toMatchObject({ requests: 50, attainment: { value: 1 }, passed: true })
  })

  test('say what was compared and what was not', () => {
    const { direct, proxy } = sides(10, 3)
    const { warnings } = analyse(buildRecord([direct, proxy]))
    const found = warnings.find(({ code }) => code === 'blocks')
    expect(found?.message).toContain('direct blocked 0 of 100 (0.0 %), proxy blocked 50 of 100')
    expect(found?.message).toContain('only of the 50 that both answered')
    expect(found?.advice).toContain('--dataset-label benign')
    const among = warnings.find(({ code }) => code === 'blocks-among-ok')
    expect(among?.message).toContain('25 of 75 ok responses are blocks')
    const clean = analyse(buildRecord([direct, { ...direct, endpoint: 'proxy' }]))
    expect(clean.warnings.map(({ code }) => code)).not.toContain('blocks')
  })

  test('a run that was blocked from end to end is no failure', () => {
    const { warnings } = analyse(buildRecord([buildMeasurement([block403])]))
    expect(warnings.map(({ code }) => code)).not.toContain('no-success')
  })
})
