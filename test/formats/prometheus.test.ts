import fc from 'fast-check'
import { expect, test } from 'vitest'
import { render } from '../../src/formats/prometheus.ts'
import { type SavedRun, savedRunOf } from '../../src/formats/saved-run.ts'
import { parsePrometheusText } from '../helpers/prometheus-text.ts'
import { comparisonRecord } from '../helpers/saved-runs.ts'

async function samplesOf(run: SavedRun) {
  return parsePrometheusText(String(await render(run, { samples: false })))
}

test('tells latencies, overheads with their bounds, and budgets, in base units', async () => {
  const run = savedRunOf(comparisonRecord())
  const samples = await samplesOf(run)
  const at = (name: string, labels: Record<string, string>) =>
    samples.find(
      (one) =>
        one.name === `llmtrace_bench_${name}` &&
        Object.entries(labels).every(([label, value]) => one.labels[label] === value),
    )?.value
  const level = { concurrency: '4', endpoint: 'proxy' }
  const p50 = run.result.overheads[1]?.rows.find(({ metric }) => metric === 'p50')
  expect(at('latency_seconds', { ...level, statistic: 'mean' })).toBeCloseTo(0.02595, 4)
  expect(at('overhead_seconds', { ...level, statistic: 'p50' })).toBeCloseTo(
    (p50?.delta.value ?? 0) / 1000,
    8,
  )
  expect(at('overhead_bound_seconds', { ...level, statistic: 'p50', bound: 'high' })).toBeCloseTo(
    (p50?.interval.value?.high ?? 0) / 1000,
    8,
  )
  expect(at('requests', { ...level, outcome: 'throttled' })).toBe(1)
  expect(at('budget_state', { ...level, budget: '--max-overhead p50=1%', state: 'fail' })).toBe(1)
  expect(at('budget_state', { ...level, budget: '--max-overhead p50=1%', state: 'pass' })).toBe(0)
  expect(at('started_timestamp_seconds', {})).toBe(Date.parse('2026-01-01T00:00:00Z') / 1000)
  // Needs 1000 requests: no line, and not 0.
  expect(at('overhead_seconds', { ...level, statistic: 'p99' })).toBeUndefined()
})

test('any name survives as a label', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (name) => {
      const record = comparisonRecord()
      const measurements = record.measurements
        .slice(0, 1)
        .map((one) => ({ ...one, endpoint: name }))
      const samples = await samplesOf(savedRunOf({ ...record, measurements }))
      const latency = samples.find((one) => one.name === 'llmtrace_bench_latency_seconds')
      expect(latency?.labels['endpoint']).toBe(name)
    }),
    { numRuns: 50 },
  )
})

test.each(['a 1', '# TYPE a gauge\na{b="c} 1\n', '# HELP a b\n# TYPE a gauge\na 1\na 1\n'])(
  'the parser of these tests refuses %j',
  (text) => {
    expect(() => parsePrometheusText(text)).toThrow(/./)
  },
)
