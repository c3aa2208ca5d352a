import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { okLatencies } from '../../src/analysis/block-view.ts'
import { compareSummaries } from '../../src/analysis/overhead.ts'
import { summarize } from '../../src/analysis/summarize.ts'
import { buildResult } from '../../src/results/result-file.ts'
import { buildMeasurement, okRows } from '../helpers/measurement-builder.ts'

const ROOT = join(import.meta.dirname, '../..')
const schema = JSON.parse(readFileSync(join(ROOT, 'docs/result.schema.json'), 'utf8')) as Record<
  string,
  unknown
>
const validate = new Ajv2020({ strict: false }).compile(schema)

function build() {
  const measurements = [
    buildMeasurement([...okRows([10.12345, 20]), { outcome: 'http-error', status: 500 }], {
      endpoint: 'direct',
      errorExamples: [{ outcome: 'http-error', status: 500, message: 'boom' }],
    }),
    buildMeasurement([{ outcome: 'refused' }], { endpoint: 'proxy', partial: true }),
  ]
  const summaries = measurements.map((measurement) => summarize(measurement))
  const [direct, proxy] = summaries
  if (direct === undefined || proxy === undefined) throw new Error('no summaries')
  return buildResult({
    plan: {
      endpoints: [],
      concurrencies: [1],
      requests: 3,
      promptCount: 1,
      jitterMs: 0,
      seed: 7,
      warmupRequests: undefined,
    },
    spec: { model: 'm', system: 's', prompt: 'p', temperature: 0, maxTokens: 16 },
    headers: { has_token: true, agent_id: null },
    dataset: null,
    tool: { name: 'llmtrace-bench', version: '0.0.0' },
    run: {
      started_at: '2026-01-01T00:00:00.000Z',
      node: 'v20',
      platform: 'linux-x64',
      client: 'lean',
      keep_alive: true,
    },
    partial: true,
    measurements,
    summaries,
    latencies: measurements.map((measurement) => okLatencies(measurement)),
    overheads: [compareSummaries(direct, proxy)],
    warnings: [],
  })
}

describe('result file', () => {
  test('has the specification’s keys with its values', () => {
    const result = build()
    expect(result.spec).toEqual({
      model: 'm',
      system: 's',
      prompt: 'p',
      temperature: 0,
      max_tokens: 16,
    })
    expect(result.headers).toEqual({ has_token: true, agent_id: null })
    expect(result.runs[0]).toMatchObject({
      endpoint: 'direct',
      url: 'http://127.0.0.1:8081/v1/chat/completions',
      concurrency: 1,
      requests: 3,
      ok: 2,
      errors: 1,
      duration_s: 0.04,
      ok_rps: 50,
      latencies_ms_ok: [10.123, 20],
      statuses: { '200': 2, '500': 1 },
      errors_sample: ['http-error 500 boom'],
    })
  })

  test('is valid by the published schema', () => {
    expect(validate(JSON.parse(JSON.stringify(build()))) ? [] : validate.errors).toEqual([])
  })

  test('the schema refuses what lacks a key or has a wrong type', () => {
    expect(validate({ ...build(), runs: [{}] })).toBe(false)
    expect(validate({ ...build(), schema_version: 99 })).toBe(false)
  })

  test('keys that a later version adds do not break a reader', () => {
    expect(validate({ ...build(), later: { x: 1 } })).toBe(true)
  })

  test('what was not measured is absent, not 0', () => {
    const result = build()
    expect(result.runs[1]?.metrics).toEqual({ err_rate: 1, ok_rps: 0 })
    expect(result.overhead[0]?.delta).not.toHaveProperty('p95')
  })
})

test('the example of the documentation is valid', () => {
  const page = readFileSync(join(ROOT, 'docs/result-format.md'), 'utf8')
  const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  expect(validate(JSON.parse(example)) ? [] : validate.errors).toEqual([])
})
