import fc from 'fast-check'
import { expect, test } from 'vitest'
import { render } from '../../src/formats/junit.ts'
import { parseSavedRun, savedRunOf } from '../../src/formats/saved-run.ts'
import { junitReport } from '../../src/report/junit-report.ts'
import { parseXml, type XmlElement } from '../helpers/xml.ts'
import { comparisonRecord, storedRun } from '../helpers/saved-runs.ts'

const NONE = { model: undefined, startedAt: undefined, budgets: [], gates: [] }

function suiteOf(xml: unknown): XmlElement {
  const root = parseXml(String(xml))
  const [suite] = root.children
  if (root.name !== 'testsuites' || suite?.name !== 'testsuite') throw new Error('no suite')
  return suite
}

function casesOf(xml: unknown) {
  return suiteOf(xml).children.map(({ attributes, children }) => ({
    name: attributes['name'],
    className: attributes['classname'],
    states: children.map(({ name }) => name),
  }))
}

test('a test case for each budget, endpoint and level', () => {
  const xml = render(savedRunOf(comparisonRecord()), { samples: false })
  const cases = casesOf(xml)
  expect(cases.map(({ name, states }) => `${name}: ${states.join()}`)).toEqual([
    '--max-overhead p95=5ms at concurrency 1: skipped',
    '--max-overhead p95=5ms at concurrency 4: skipped',
    '--max-overhead mean=50ms at concurrency 1: system-out',
    '--max-overhead mean=50ms at concurrency 4: system-out',
    '--max-overhead p50=1% at concurrency 1: failure',
    '--max-overhead p50=1% at concurrency 4: failure',
  ])
  expect(new Set(cases.map(({ className }) => className))).toEqual(new Set(['proxy']))
  expect(suiteOf(xml).attributes).toMatchObject({ tests: '6', failures: '2', skipped: '2' })
})

test('a result file tells the same', () => {
  const record = comparisonRecord()
  expect(render(storedRun(record), { samples: false })).toBe(
    render(savedRunOf(record), { samples: false }),
  )
})

test('the gates of a probe', () => {
  const file = {
    probe_version: 1,
    spec: { model: 'm' },
    run: { started_at: '2026-01-01T00:00:00.000Z', partial: false },
    gates: [
      {
        gate: {
          matrix: 'enforced',
          of: { metric: 'tpr', bound: 'lower' },
          operator: '>=',
          limit: 0.8,
        },
        state: 'FAIL',
        actual: 0.5,
        n: 40,
      },
      {
        gate: { matrix: 'detected', of: { metric: 'f1' }, operator: '>', limit: 0.1 },
        state: 'PASS',
        actual: 0.9,
        n: 40,
      },
    ],
    cases: [],
  }
  const run = parseSavedRun('probe.json', Buffer.from(JSON.stringify(file)))
  expect(casesOf(render(run, { samples: false }))).toEqual([
    { name: 'tpr.lower>=0.8', className: 'gates', states: ['failure'] },
    { name: 'detected.f1>0.1', className: 'gates', states: ['system-out'] },
  ])
})

test('any name comes back as it is, but for what XML cannot hold', () => {
  const unit = fc.oneof(
    fc.constantFrom('<', '>', '&', '"', "'", '\u0000', '\uD800', '\uFFFF'),
    fc.string({ maxLength: 1, unit: 'binary' }),
  )
  const text = fc.string({ unit })
  fc.assert(
    fc.property(text, text, (model, budget) => {
      const verdict = {
        budget,
        endpoint: 'proxy',
        level: { concurrency: 1 },
        state: 'PASS' as const,
        unit: 'ms' as const,
        limit: 1,
        value: 0.5,
        interval: undefined,
        reason: undefined,
      }
      const xml = junitReport({ ...NONE, model: `x${model}`, budgets: [verdict] })
      // What XML 1.0 allows, https://www.w3.org/TR/xml/#charsets.
      expect(xml).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u)
      const [first] = casesOf(xml)
      const readable = budget
        .replaceAll(/\p{Cc}+/gu, ' ')
        .replaceAll(/\p{Cs}|[\uFFFE\uFFFF]/gu, '\uFFFD')
      expect(first?.name).toBe(`${readable} at concurrency 1`)
    }),
  )
})

test('without budgets there is a suite without cases', () => {
  expect(suiteOf(junitReport(NONE)).attributes['tests']).toBe('0')
})
