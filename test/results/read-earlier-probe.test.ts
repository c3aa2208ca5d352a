import { describe, expect, test } from 'vitest'
import type { ProbeAnalysis } from '../../src/model/probe-analysis.ts'
import { buildProbeResult } from '../../src/results/probe-file.ts'
import { readEarlierProbe } from '../../src/results/read-earlier-probe.ts'
import { verdict } from '../helpers/judged-cases.ts'
import { probed, RUN_HEAD } from '../helpers/probed-cases.ts'

const NOTHING: ProbeAnalysis = {
  detection: undefined,
  gates: [],
  latency: [],
  disagreement: undefined,
  against: undefined,
}

const ROWS = [
  probed('allowed', { caseId: 'a', endpoint: 'direct' }),
  probed('undecided', { caseId: 'a', attempt: 1, last: false }),
  probed('blocked', { caseId: 'a', attempt: 2, label: 'malicious' }),
  probed('allowed', { caseId: 'b', repeat: 2, verdict: verdict('allowed', { detected: true }) }),
]

function file(): Record<string, unknown> {
  const outcome = {
    judged: 'proxy',
    repeats: 2,
    probed: ROWS,
    analysis: NOTHING,
    evidence: {},
    partial: false,
  }
  return JSON.parse(JSON.stringify(buildProbeResult(RUN_HEAD, outcome))) as Record<string, unknown>
}

const read = (value: unknown) =>
  readEarlierProbe(
    '--against',
    'old.json',
    typeof value === 'string' ? value : JSON.stringify(value),
  )

describe('a saved probe', () => {
  test('gives the attempts that counted, of the judged endpoint', () => {
    const saved = read(file())
    expect(saved.startedAt).toBe('2026-11-24T12:00:00.000Z')
    expect(saved.cases).toEqual([
      {
        caseId: 'a',
        label: 'malicious',
        repeat: 1,
        promptDigest: '0123456789abcdef',
        verdict: ROWS[2]?.verdict,
      },
      {
        caseId: 'b',
        label: 'benign',
        repeat: 2,
        promptDigest: '0123456789abcdef',
        verdict: ROWS[3]?.verdict,
      },
    ])
  })

  test('of the first version is read too', () => {
    const { judged: _, ...rest } = file()
    const cases = (rest['cases'] as Record<string, unknown>[]).map(
      ({ repeat: __, prompt_digest: ___, ...one }) => one,
    )
    const saved = read({ ...rest, probe_version: 1, cases })
    expect(saved.cases).toMatchObject([
      { caseId: 'a', repeat: 1, promptDigest: undefined },
      { caseId: 'b', repeat: 1 },
    ])
  })

  test.each([
    ['no JSON', '{', /--against old\.json is no probe's result; give a file/],
    ['something else', { schema_version: 2, runs: [] }, /is no probe's result; give a file/],
    ['null', 'null', /is no probe's result/],
    [
      'a newer version',
      { ...file(), probe_version: 99 },
      /old\.json is of probe version 99, and this program reads up to 2/,
    ],
    [
      'a damaged one',
      {
        ...file(),
        cases: [{ id: 'a', endpoint: 'proxy', last: true, verdict: { kind: 'maybe' } }],
      },
      /is damaged at cases\.0\./,
    ],
  ])('that is %s is refused', (_, value, message) => {
    expect(() => read(value)).toThrow(message)
  })
})
