import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { okLatencies } from '../../src/analysis/latencies.ts'
import { buildCapacityResult } from '../../src/results/capacity-file.ts'
import { buildProbeResult } from '../../src/results/probe-file.ts'
import { readCapacityFile } from '../../src/results/read-capacity-file.ts'
import { readProbeFile } from '../../src/results/read-probe-file.ts'
import { parseResultFile } from '../../src/results/read-result-file.ts'
import { readStoredRun } from '../../src/results/read-stored-run.ts'
import { buildResult } from '../../src/results/result-file.ts'
import { CAPACITY_PAGE, pageArm, pageRecord, probePage } from '../helpers/pages.ts'

/** What JSON cannot hold is absent in it. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('the file of a probe', () => {
  const page = probePage()
  const probed = (page.probe?.cases ?? []).map((one) => ({
    ...one,
    prompt: 'secret prompt',
    promptDigest: 'digest',
    answerDigest: undefined,
  }))
  const text = JSON.stringify(
    buildProbeResult(pageRecord(), {
      judged: 'proxy',
      repeats: 1,
      probed,
      analysis: {
        detection: page.probe?.detection,
        gates: page.probe?.gates ?? [],
        latency: [],
        disagreement: undefined,
        against: undefined,
      },
      evidence: {},
      partial: true,
    }),
  )

  test('comes back as it was scored', () => {
    const read = readProbeFile('p.json', text)
    expect(asJson(read?.probe)).toEqual(asJson(page.probe))
    expect(read?.head.partial).toBe(true)
    expect(read?.head.spec).toEqual({ model: 'm', system: 's', temperature: 0, maxTokens: 16 })
  })

  test('is refused where it is damaged, by the place', () => {
    const damaged = text.replace('"truePositives":20', '"truePositives":"<b>"')
    expect(() => readProbeFile('p.json', damaged)).toThrow(
      /^p\.json is damaged at detection\.enforced\.truePositives: /,
    )
  })

  test('of a newer version is refused', () => {
    const newer = text.replace(/"probe_version":\d+/, '"probe_version":9')
    expect(() => readProbeFile('p.json', newer)).toThrow('probe version 9')
  })

  test.each(['', '{', '[]', '{"runs":[]}', '"probe_version"'])('is not %j', (other) => {
    expect(readProbeFile('p.json', other)).toBeUndefined()
  })
})

describe('the file of a capacity search', () => {
  const { capacity } = CAPACITY_PAGE
  if (capacity === undefined) throw new Error('no capacity')
  const text = JSON.stringify(buildCapacityResult(pageRecord(), capacity.capacities, capacity))

  test('comes back as it was found', () => {
    const read = readCapacityFile('c.json', text)
    expect(asJson(read?.capacity)).toEqual(asJson(capacity))
    expect(read?.head.endpoints.map(({ name, baseline }) => [name, baseline])).toEqual([
      ['direct', true],
      ['proxy', false],
    ])
  })

  test('is refused where it is damaged', () => {
    const damaged = text.replace('"passed":true', '"passed":"yes"')
    expect(() => readCapacityFile('c.json', damaged)).toThrow(
      /damaged at capacity\.0\.trials\.0\.passed/,
    )
  })
})

test('a result file gives a page all that it holds', () => {
  const level = { concurrency: 8, rate: 20 }
  const rows = [{ outcome: 'timed-out', round: 5, sequence: 300 } as const]
  const examples = [{ outcome: 'timed-out', status: undefined, message: 'late' } as const]
  const record = pageRecord({
    measurements: [
      pageArm('direct', 0, { level }),
      pageArm('proxy', 4, { level, rows, errorExamples: examples, heldBack: 3 }),
    ],
    settings: { slo: { e2eMs: 25 }, primaryMetric: 'p50' },
  })
  const result = analyse(record)
  const latencies = record.measurements.map((one) => okLatencies(one))
  const text = JSON.stringify(buildResult(record, result, latencies))
  const stored = readStoredRun(parseResultFile('r.json', text))
  expect(stored.primaryMetric).toBe('p50')
  expect(asJson(stored.slo)).toEqual({ e2eMs: 25 })
  expect(stored.head.endpoints.map(({ name, baseline }) => [name, baseline])).toEqual([
    ['direct', true],
    ['proxy', false],
  ])
  expect(stored.head.plan).toEqual({ order: 'rounds', requests: 300, seed: 7 })
  expect(stored.failures).toMatchObject([
    { endpoint: 'proxy', outcomes: { 'timed-out': 1 }, examples: [{ message: 'timed-out late' }] },
  ])
  const [direct, proxy] = stored.result.summaries
  expect(direct?.goodput?.value).toBeCloseTo(result.summaries[0]?.goodput?.value ?? 0, 3)
  expect(proxy?.openLoop?.heldBack).toBe(3)
  expect(proxy?.openLoop?.service.p50.value).toBeCloseTo(
    result.summaries[1]?.openLoop?.service.p50.value ?? 0,
    3,
  )
})
