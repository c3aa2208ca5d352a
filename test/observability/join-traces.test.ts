import { describe, expect, test } from 'vitest'
import type { FoundTrace } from '../../src/model/findings.ts'
import { isDetected, joinTraces, type TracedRequest } from '../../src/observability/join-traces.ts'

const FOUND = [{ type: 'jailbreak', severity: 'High' }]

function trace(traceId: string, prompt: string, findings: FoundTrace['findings'] = []): FoundTrace {
  return { traceId, prompt, createdAt: undefined, score: undefined, findings }
}

function request(key: string, prompt: string, given: Partial<TracedRequest> = {}): TracedRequest {
  return { key, traceIds: [`id-${key}`], prompts: [`user: ${prompt}`], expected: true, ...given }
}

const join = (requests: readonly TracedRequest[], traces: readonly FoundTrace[]) =>
  joinTraces(requests, traces, (one) => isDetected(one, 1))

describe('a trace is joined', () => {
  test('by its id, whatever its case, before its prompt', () => {
    const traces = [trace('ID-A', 'x'), trace('other', 'user: hi', FOUND)]
    const { traces: joined, byTraceId, byPrompt } = join([request('a', 'hi')], traces)
    expect(joined.get('a')?.traceId).toBe('ID-A')
    expect([byTraceId, byPrompt]).toEqual([1, 0])
  })

  test('by an id that came back', () => {
    const one = request('a', 'hi', { traceIds: ['sent', 'echoed'] })
    expect(join([one], [trace('echoed', '')]).traces.size).toBe(1)
  })

  test('by its prompt where ids are unknown', () => {
    const { traces, byPrompt } = join(
      [request('a', 'hi'), request('b', 'ho')],
      [trace('1', 'user: hi\n', FOUND), trace('2', 'user: other')],
    )
    expect(traces.get('a')?.traceId).toBe('1')
    expect(traces.has('b')).toBe(false)
    expect(byPrompt).toBe(1)
  })

  test('of equal prompts only where all say the same', () => {
    const requests = [request('a', 'hi'), request('b', 'hi')]
    const alike = join(requests, [trace('1', 'user: hi', FOUND), trace('2', 'user: hi', FOUND)])
    expect(alike.traces.size).toBe(2)
    const unlike = join(requests, [trace('1', 'user: hi', FOUND), trace('2', 'user: hi')])
    expect(unlike.traces.size).toBe(0)
  })

  test('by its prompt only to a request that has to have one', () => {
    const blocked = request('a', 'hi', { expected: false })
    expect(join([blocked], [trace('1', 'user: hi')]).traces.size).toBe(0)
  })
})

describe('what counts as detected', () => {
  test.each([
    ['no finding', { score: undefined, findings: [] }, 1, false],
    ['a finding', { score: 80, findings: FOUND }, 1, true],
    ['a score below the limit', { score: 30, findings: FOUND }, 50, false],
    ['a severity below the limit', { findings: [{ type: 'x', severity: 'Low' }] }, 50, false],
    ['a severity above it', { findings: [{ type: 'x', severity: 'High' }] }, 50, true],
    ['a score of nothing', { score: 0, findings: [] }, 1, false],
  ])('%s', (_, given, minScore, expected) => {
    expect(isDetected({ ...trace('1', ''), ...given }, minScore)).toBe(expected)
  })
})
