import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCompletionFacts } from '../../src/wire/completion-facts.ts'
import { parseHeaderBlock } from '../../src/wire/header-block.ts'
import { admittedRetries, readSelfReport, saysCacheHit } from '../../src/wire/self-report.ts'
import { readResponseFacts } from '../../src/transport/read-facts.ts'

const headers = (...lines: string[]) => parseHeaderBlock(lines.join('\r\n'))

describe('headers', () => {
  test('a repeated name is joined, whatever its case', () => {
    expect([...headers('Server-Timing: a;dur=1', 'server-timing: b;dur=2', 'X-A:  y ')]).toEqual([
      ['server-timing', 'a;dur=1, b;dur=2'],
      ['x-a', 'y'],
    ])
  })

  test.each([
    ['x-litellm-overhead-duration-ms: 4.5', { source: 'x-litellm-overhead-duration-ms', ms: 4.5 }],
    ['x-kong-proxy-latency: 3', { source: 'x-kong-proxy-latency', ms: 3 }],
    ['server-timing: total;dur=9, injected;dur=2.5', { source: 'server-timing', ms: 2.5 }],
    ['x-litellm-overhead-duration-ms: soon', undefined],
    ['x-litellm-overhead-duration-ms: -1', undefined],
    ['x-litellm-response-duration-ms: 900', undefined],
    ['server-timing: total;dur=9', undefined],
  ])('%s', (line, report) => {
    expect(readSelfReport(headers(line))).toEqual(report)
  })

  test.each([
    ['x-cache: HIT', true],
    ['x-portkey-cache-status: HIT', true],
    ['x-litellm-cache-hit: True', true],
    ['x-vsr-cache-hit: true', true],
    ['x-cache: MISS', false],
    ['x-cached-at: hit', false],
    ['cache-control: no-cache', false],
  ])('cache: %s is %s', (line, hit) => {
    expect(saysCacheHit(headers(line))).toBe(hit)
  })

  test('retries and fallbacks add up; words are none', () => {
    expect(
      admittedRetries(
        headers('x-litellm-attempted-retries: 2', 'x-litellm-attempted-fallbacks: 1'),
      ),
    ).toBe(3)
    expect(admittedRetries(headers('x-portkey-retry-attempt-count: none'))).toBe(0)
  })
})

describe('bodies', () => {
  test('content, tokens, cached tokens', () => {
    const body = JSON.stringify({
      choices: [{ message: { content: 'OK' }, finish_reason: 'stop' }],
      usage: { completion_tokens: 3, prompt_tokens_details: { cached_tokens: 7 } },
    })
    expect(readCompletionFacts(body)).toEqual({
      content: 'OK',
      completionTokens: 3,
      cachedTokens: 7,
      truncatedReasoning: false,
    })
  })

  test.each([
    [{ content: null, reasoning: 'x' }, 'length', true],
    [{ content: '', reasoning_content: 'x' }, 'length', true],
    [{ content: 'a', reasoning: 'x' }, 'length', false],
    [{ content: null, reasoning: 'x' }, 'stop', false],
    [{ content: null }, 'length', false],
  ])('reasoning cut off: %j with %s is %s', (message, finish_reason, cut) => {
    const body = JSON.stringify({ choices: [{ message, finish_reason }] })
    expect(readCompletionFacts(body).truncatedReasoning).toBe(cut)
  })

  test('whatever comes, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.string(), (body, rawHeaders) => {
        const facts = readResponseFacts(5, {
          outcome: 'ok',
          sentAt: 0,
          endedAt: 1,
          reused: true,
          connectMs: 0,
          bodyBytes: 1,
          rawHeaders,
          body,
        })
        expect(facts.sequence).toBe(5)
      }),
    )
  })
})
