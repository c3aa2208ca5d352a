import { describe, expect, test } from 'vitest'
import { savedRunOf } from '../../src/formats/saved-run.ts'
import { render } from '../../src/formats/vllm.ts'
import type { RunRecord } from '../../src/model/run-record.ts'
import { buildMeasurement, type Row, streamOf } from '../helpers/measurement-builder.ts'
import { storedRun, textOf } from '../helpers/saved-runs.ts'
import { buildRecord } from '../helpers/settings.ts'

const ROWS: Row[] = [
  { latencyMs: 60, stream: streamOf([20, 30, 40]) },
  { latencyMs: 80, stream: streamOf([40, 60]) },
  { outcome: 'reset', stream: streamOf([]) },
]
const one = (rows: readonly Row[], given = {}) =>
  buildRecord([buildMeasurement(rows, { endpoint: 'proxy', level: { concurrency: 4 }, ...given })])
const rendered = (record: RunRecord) => JSON.parse(textOf(render, savedRunOf(record))) as unknown

describe('the vLLM format', () => {
  test('has its keys, latencies in ms and details in seconds', () => {
    expect(rendered(one(ROWS))).toMatchObject({
      date: '20260101-000000',
      label: 'proxy',
      model_id: 'm',
      num_prompts: 3,
      request_rate: 'inf',
      max_concurrency: 4,
      completed: 2,
      failed: 1,
      total_input_tokens: 10,
      total_output_tokens: 5,
      max_concurrent_requests: 3,
      mean_ttft_ms: 30,
      median_ttft_ms: 30,
      mean_tpot_ms: 15,
      mean_e2el_ms: 70,
      p99_e2el_ms: 79.8,
      input_lens: [5, 5],
      output_lens: [3, 2],
      ttfts: [0.02, 0.04],
      itls: [[0.01, 0.01], [0.02]],
      latencies: [0.06, 0.08],
    })
    expect(rendered(one(ROWS))).toHaveProperty('mean_itl_ms')
  })

  test('throughput is over the duration that ok_rps is over', () => {
    const result = rendered(one(ROWS)) as Record<string, number>
    const duration = result['duration'] ?? Number.NaN
    expect(result['request_throughput']).toBeCloseTo(2 / duration, 9)
    expect(result['output_throughput']).toBeCloseTo(5 / duration, 9)
    expect(result['total_token_throughput']).toBeCloseTo(15 / duration, 9)
  })

  test('what was not measured has no key, or is null in a list', () => {
    const blind = rendered(
      one([
        { stream: streamOf([20], { outputTokens: undefined }) },
        { stream: streamOf([], { firstChunkAt: 3 }) },
      ]),
    )
    expect(blind).toMatchObject({ ttfts: [0.02, null], output_lens: [null, 0] })
    for (const key of ['total_output_tokens', 'mean_tpot_ms', 'mean_itl_ms', 'request_goodput']) {
      expect(blind).not.toHaveProperty(key)
    }
    const whole = rendered(one([{ latencyMs: 60 }]))
    expect(whole).toMatchObject({ completed: 1, mean_e2el_ms: 60, ttfts: [] })
    expect(whole).not.toHaveProperty('mean_ttft_ms')
  })

  test('is a list where there are several endpoints or levels', () => {
    const open = ROWS.map((row) => ({ ...row, lagMs: 0 }))
    const record = buildRecord([
      buildMeasurement(open, { endpoint: 'direct', level: { concurrency: 1, rate: 5 } }),
      buildMeasurement(open, { endpoint: 'proxy', level: { concurrency: 1, rate: 5 } }),
    ])
    expect(rendered(record)).toMatchObject([
      { label: 'direct', request_rate: 5, burstiness: 1 },
      { label: 'proxy', request_rate: 5, burstiness: 1 },
    ])
  })

  test('needs the samples', () => {
    expect(() => textOf(render, storedRun(one(ROWS)))).toThrow('--run-file')
  })
})
