import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { okLatencies } from '../../src/analysis/latencies.ts'
import { buildResult } from '../../src/results/result-file.ts'
import {
  BLOCKED,
  buildMeasurement,
  okRows,
  roundRows,
  streamOf,
} from '../helpers/measurement-builder.ts'
import { buildRecord } from '../helpers/settings.ts'

const ROOT = join(import.meta.dirname, '../..')
const schema = JSON.parse(readFileSync(join(ROOT, 'docs/result.schema.json'), 'utf8')) as Record<
  string,
  unknown
>
const validate = new Ajv2020({ strict: false }).compile(schema)

function build() {
  const record = buildRecord(
    [
      buildMeasurement([...okRows([10.12345, 20]), { outcome: 'http-error', status: 500 }], {
        endpoint: 'direct',
        errorExamples: [{ outcome: 'http-error', status: 500, message: 'boom' }],
      }),
      buildMeasurement([{ outcome: 'refused' }], { endpoint: 'proxy', partial: true }),
    ],
    { partial: true },
  )
  const latencies = record.measurements.map((measurement) => okLatencies(measurement))
  return buildResult(record, analyse(record), latencies)
}

/** A run with everything that a file may hold. */
function buildFull() {
  const control = { name: 'direct-again', url: 'http://a/', baseline: false, control: true }
  const side = (endpoint: string, added: number) =>
    buildMeasurement(
      roundRows(8, 130, (round, sequence) => 20 + added + round + (sequence % 5)).map((row) => ({
        ...row,
        lagMs: 0.1,
        stream: streamOf([10, 12, 15]),
        ...(added > 0 && (row.sequence ?? 0) % 3 === 0 ? { ground: BLOCKED } : {}),
      })),
      { endpoint, level: { concurrency: 8, rate: 50 } },
    )
  const base = buildRecord([side('direct', 0), side('proxy', 2), side('direct-again', 0)])
  const record = {
    ...base,
    plan: { ...base.plan, endpoints: [...base.plan.endpoints, control] },
    settings: {
      ...base.settings,
      slo: { e2eMs: 25 },
      budgets: {
        maxOverhead: [{ metric: 'p95' as const, limit: { ms: 5 } }],
        maxErrorRate: 0.01,
        minOkRps: 1,
      },
    },
  }
  const latencies = record.measurements.map((measurement) => okLatencies(measurement))
  return buildResult(record, analyse(record), latencies)
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
    for (const result of [build(), buildFull()]) {
      expect(validate(JSON.parse(JSON.stringify(result))) ? [] : validate.errors).toEqual([])
    }
  })

  test('holds intervals, budgets, the A/A arm and the open loop', () => {
    const result = buildFull()
    expect(result.overhead.map(({ candidate, control }) => [candidate, control])).toEqual([
      ['proxy', false],
      ['direct-again', true],
    ])
    expect(result.overhead[0]?.interval['p95']).toHaveLength(2)
    expect(result.budgets.map(({ state }) => state)).toEqual(['PASS', 'PASS', 'PASS'])
    expect(result.significance[0]).toMatchObject({ candidate: 'proxy', metric: 'p95', rate: 50 })
    expect(result.runs[0]).toMatchObject({ rate: 50, rounds: 8, open_loop: { held_back: 0 } })
    expect(result.runs[0]?.goodput_rps).toBeGreaterThan(0)
  })

  test('holds the streams, each metric with its statistics', () => {
    const { streams } = buildFull()
    expect(streams?.runs[0]).toMatchObject({
      endpoint: 'direct',
      rate: 50,
      ok: 1040,
      output_tokens: 3120,
      metrics: { ttft: { count: 1040, p99: 10.1 }, icl: { count: 2080 }, chunks: { p50: 3 } },
    })
    expect(streams?.overhead[0]?.metrics['ttft']).toMatchObject({ delta: { p50: 0 } })
    expect(build()).not.toHaveProperty('streams')
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
