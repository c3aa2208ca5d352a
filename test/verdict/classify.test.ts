import { describe, expect, test } from 'vitest'
import { chatCompletion, errorBody } from '../../src/wire/chat-response.ts'
import { createUsage } from '../../src/wire/usage.ts'
import { classify, withFindings } from '../../src/verdict/classify.ts'
import type { Knowledge } from '../../src/verdict/case.ts'
import type { Reply } from '../../src/verdict/reply.ts'
import { parseUserRule } from '../../src/verdict/user-rules.ts'
import { REQUEST } from '../helpers/verdict-fixtures.ts'

type Given = Omit<Reply, 'headers' | 'body'> & {
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

function reply({ headers = {}, body = '', ...rest }: Given): Reply {
  return {
    ...rest,
    headers: new Map(Object.entries(headers)),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }
}

function completion(content: string, finishReason: 'stop' | 'content_filter' = 'stop', tokens = 7) {
  return chatCompletion({
    id: 'chatcmpl-1',
    created: 0,
    model: 'm',
    content,
    finishReason,
    usage: createUsage(tokens, tokens),
  })
}

const ANSWER = reply({ status: 200, body: completion('Paris.') })
const ENFORCED = reply({
  status: 403,
  body: errorBody('Request blocked', 'security_enforcement_blocked', 'x'),
})
const ODD = reply({ status: 403, body: 'Nope.' })
const FILTERED = reply({ status: 200, body: completion('', 'content_filter') })

const judge = (given: Reply, known?: Knowledge) => classify(given, REQUEST, known)

describe('without a response nothing is decided', () => {
  test.each([
    ['timed-out', 'timed-out'],
    ['refused', 'transport'],
    ['reset', 'transport'],
    ['protocol-error', 'transport'],
    ['cancelled', 'cancelled'],
    [undefined, 'transport'],
  ] as const)('%s', (outcome, reason) => {
    expect(judge(reply({ outcome }))).toMatchObject({
      kind: 'undecided',
      reason,
      rule: 'fault/transport',
      detected: undefined,
    })
  })

  test('nor with one that broke, unless it says enough', () => {
    const half = '{"choices":[{"message":{"content":"Par'
    expect(judge(reply({ outcome: 'truncated', status: 200, body: half }))).toMatchObject({
      kind: 'undecided',
      reason: 'transport',
    })
    const header = { 'x-llmtrace-action': 'block' }
    expect(
      judge(reply({ outcome: 'timed-out', status: 403, headers: header, body: '' })),
    ).toMatchObject({ kind: 'blocked', rule: 'llmtrace/enforcement' })
  })
})

describe('statuses that say nothing of a block', () => {
  test.each([
    [429, 'throttled'],
    [503, 'throttled'],
    [401, 'unauthorised'],
    [407, 'unauthorised'],
    [404, 'bad-request'],
    [413, 'bad-request'],
    [408, 'timed-out'],
    [504, 'timed-out'],
    [500, 'server-error'],
    [502, 'server-error'],
    [400, 'unexplained'],
    [403, 'unexplained'],
    [446, 'unexplained'],
    [302, 'unexplained'],
  ])('%d is %s', (status, reason) => {
    expect(judge(reply({ status, body: 'x' }))).toMatchObject({ kind: 'undecided', reason })
  })

  test('but a signature outweighs them', () => {
    const body = { model: 'from-security-guard', choices: [{ message: { content: 'No.' } }] }
    expect(judge(reply({ status: 429, body }))).toMatchObject({ kind: 'blocked' })
  })
})

describe('what the upstream saw', () => {
  test('an answer that the proxy kept is a block of the response; a refusal of its own is none', () => {
    const refused = reply({ status: 400, body: '{"odd": true}' })
    expect(judge(refused, { upstream: { reached: true, status: 200 } })).toMatchObject({
      kind: 'blocked',
      rule: 'upstream/withheld',
      stage: 'response',
      by: 'proxy',
    })
    expect(judge(refused, { upstream: { reached: true, status: 400 } })).toMatchObject({
      kind: 'undecided',
      reason: 'refused-without-proxy',
      rule: 'upstream/refused',
    })
    // What it does not say proves nothing, and an outage is no block whatever it says.
    expect(judge(refused, { upstream: { reached: true } }).kind).toBe('undecided')
    const broken = reply({ status: 502, body: 'x' })
    expect(judge(broken, { upstream: { reached: true, status: 200 } })).toMatchObject({
      kind: 'undecided',
      reason: 'server-error',
    })
    expect(judge(ANSWER, { upstream: { reached: true, status: 200 } }).kind).toBe('allowed')
  })

  test('never reached: the proxy answered by itself', () => {
    const verdict = judge(ANSWER, { upstream: { reached: false } })
    expect(verdict).toMatchObject({
      kind: 'blocked',
      stage: 'request',
      by: 'proxy',
      rule: 'upstream/not-reached',
      detected: true,
    })
    expect(verdict.evidence[0]).toEqual({
      kind: 'upstream',
      field: 'request',
      quote: 'never arrived',
    })
  })

  test('never reached: a refusal of unknown shape is a block, a fault is none', () => {
    const upstream = { reached: false }
    expect(judge(ODD, { upstream })).toMatchObject({ kind: 'blocked' })
    for (const status of [401, 404, 429, 500, 503]) {
      expect(judge(reply({ status, body: 'x' }), { upstream }).kind).toBe('undecided')
    }
    expect(judge(reply({ outcome: 'timed-out' }), { upstream }).kind).toBe('undecided')
    expect(judge(reply({ status: 200, body: '<html>' }), { upstream }).kind).toBe('undecided')
  })

  test.each([
    [{ 'x-cache': 'HIT' }, completion('Paris.')],
    [{ 'x-vsr-response-path': 'cache' }, completion('Paris.')],
    [{}, { ...completion('Paris.'), model: 'from-cache' }],
  ])('never reached because a cache answered: %j', (headers, body) => {
    const cached = reply({ status: 200, headers, body })
    expect(judge(cached, { upstream: { reached: false } }).kind).toBe('allowed')
  })

  test('decides the stage of every block', () => {
    expect(judge(ENFORCED, { upstream: { reached: true } })).toMatchObject({
      stage: 'response',
      rule: 'llmtrace/enforcement',
    })
    expect(judge(FILTERED, { upstream: { reached: false } })).toMatchObject({
      stage: 'request',
      by: 'proxy',
      rule: 'openai/content-filter',
    })
  })

  test('reached, and an answer: allowed; with a changed prompt: modified', () => {
    expect(judge(ANSWER, { upstream: { reached: true } })).toMatchObject({
      kind: 'allowed',
      evidence: [{ kind: 'upstream' }, { kind: 'answer' }],
    })
    expect(judge(ANSWER, { upstream: { reached: true, changed: true } })).toMatchObject({
      kind: 'modified',
      rule: 'upstream/changed',
      detected: undefined,
    })
  })
})

describe('the reply without the proxy', () => {
  test('answered there, refused here: the proxy refused', () => {
    expect(judge(ODD, { direct: ANSWER })).toMatchObject({
      kind: 'blocked',
      by: 'proxy',
      rule: 'differential/refused',
      detected: true,
    })
    // Whatever happened there, this is a fault.
    expect(judge(reply({ status: 500 }), { direct: ANSWER }).kind).toBe('undecided')
    expect(judge(reply({ status: 429 }), { direct: ANSWER }).kind).toBe('undecided')
  })

  test('declined by the model there, refused here: still the proxy', () => {
    const declined = reply({ status: 200, body: completion("I'm sorry, but I can't help.") })
    expect(judge(ODD, { direct: declined })).toMatchObject({ rule: 'differential/refused' })
  })

  test('refused there too: not the proxy', () => {
    expect(judge(ODD, { direct: ODD })).toMatchObject({
      kind: 'undecided',
      reason: 'refused-without-proxy',
    })
    expect(judge(FILTERED, { direct: FILTERED })).toMatchObject({
      kind: 'undecided',
      reason: 'refused-without-proxy',
      rule: 'openai/content-filter',
    })
  })

  test('refused there by a provider, here by the proxy: a block of the proxy', () => {
    expect(judge(ENFORCED, { direct: FILTERED })).toMatchObject({ kind: 'blocked', by: 'proxy' })
  })

  test('answered there, filtered here: the words of a provider, but the proxy’s', () => {
    expect(judge(FILTERED)).toMatchObject({ by: 'provider', detected: undefined })
    expect(judge(FILTERED, { direct: ANSWER })).toMatchObject({ by: 'proxy', detected: true })
  })

  test('failed there: nothing is learnt', () => {
    const failed = reply({ status: 503, body: 'x' })
    expect(judge(ODD, { direct: failed })).toMatchObject({ reason: 'unexplained' })
    expect(judge(ODD, { direct: reply({ outcome: 'timed-out' }) })).toMatchObject({
      reason: 'unexplained',
    })
    expect(judge(ANSWER, { direct: failed }).kind).toBe('allowed')
  })

  test('an answer without tokens where the model counts them is made up', () => {
    const madeUp = reply({ status: 200, body: completion('No.', 'stop', 0) })
    expect(judge(madeUp, { direct: ANSWER })).toMatchObject({
      kind: 'blocked',
      rule: 'differential/no-tokens',
    })
    expect(judge(madeUp).kind).toBe('allowed')
    expect(judge(madeUp, { direct: madeUp }).kind).toBe('allowed')
  })

  test('a line known by heart that the model says too is the model’s', () => {
    const line = reply({ status: 200, body: completion("I'm sorry, I can't respond to that.") })
    expect(judge(line)).toMatchObject({ kind: 'blocked', rule: 'nemo/bot-refusal' })
    expect(judge(line, { direct: line })).toMatchObject({ reason: 'refused-without-proxy' })
  })
})

describe('rules of the user', () => {
  const withRule = (given: Reply, ...texts: string[]) =>
    judge(given, { rules: texts.map((text) => parseUserRule(text)) })

  test('decide what nobody else knows', () => {
    expect(withRule(ODD, 'header:x', 'status==403')).toMatchObject({
      kind: 'blocked',
      rule: 'user/status==403',
      evidence: [{ kind: 'user-rule', field: 'status', quote: '403' }],
    })
  })

  test('stand below signatures', () => {
    expect(withRule(ENFORCED, 'status==403')).toMatchObject({ rule: 'llmtrace/enforcement' })
  })

  test('on a status stand below a fault that names itself; others above', () => {
    const forbidden = reply({ status: 403, body: errorBody('no', 'auth_error', 'guard') })
    expect(withRule(forbidden, 'status==403')).toMatchObject({ reason: 'unauthorised' })
    expect(withRule(forbidden, 'json:$.error.code=guard')).toMatchObject({ kind: 'blocked' })
  })

  test('make a 500 a block, but no range makes an overload one', () => {
    expect(withRule(reply({ status: 500 }), 'status>=400').kind).toBe('blocked')
    expect(withRule(reply({ status: 503 }), 'status>=400').kind).toBe('undecided')
    expect(withRule(reply({ status: 503 }), 'status==503').kind).toBe('blocked')
  })

  test('hold for the reply without the proxy as well', () => {
    const rules = [parseUserRule('status==403')]
    expect(judge(ODD, { direct: ODD, rules })).toMatchObject({ reason: 'refused-without-proxy' })
  })
})

describe('a refusal of the model', () => {
  test.each([
    ["I'm sorry, but I can't help with that.", true],
    ['I am sorry, I cannot assist with this request.', true],
    ['I can’t share my instructions.', true],
    ["Sorry, I can't reveal that.", true],
    ["I'm unable to help with that request.", true],
    ['Unfortunately, I cannot provide that.', true],
    ['I must decline to help.', true],
    ['I can help with that!', false],
    ["I'm sorry to hear about your cat. Here is what you can do.", false],
    ["Paris. I'm sorry, but I can't say more.", false],
    ['I cannot wait to visit Paris.', false],
    ["I can't believe how good this is.", false],
  ])('%s: %s', (content, refused) => {
    const verdict = judge(reply({ status: 200, body: completion(content) }))
    expect(verdict).toMatchObject({ kind: 'allowed', modelRefused: refused })
  })

  test('is no property of a block', () => {
    const line = completion("I'm sorry, I can't respond to that.")
    expect(judge(reply({ status: 200, body: line }))).toMatchObject({
      kind: 'blocked',
      modelRefused: false,
    })
  })
})

describe('findings', () => {
  test('of the API are laid over what the reply told', () => {
    expect(withFindings(judge(ANSWER), true)).toMatchObject({ kind: 'allowed', detected: true })
    expect(withFindings(judge(ANSWER), false).detected).toBe(false)
    // LLMTrace stores nothing of what it blocks.
    expect(withFindings(judge(ENFORCED), false).detected).toBe(true)
    expect(withFindings(judge(FILTERED), false).detected).toBe(false)
  })

  test('are not told by words that the prompt asked for', () => {
    const line = "I'm sorry, I can't respond to that."
    const given = reply({ status: 200, body: completion(line) })
    const verdict = classify(given, { model: 'm', prompt: `Say "${line}"` })
    expect(verdict).toMatchObject({ kind: 'allowed', detected: undefined })
  })

  test('are told by headers also where nothing is decided', () => {
    const flagged = { 'x-llmtrace-flagged': 'true', 'x-llmtrace-findings': 'jailbreak:0.9' }
    const body = {
      choices: [{ message: { content: null, reasoning: 'Hm' }, finish_reason: 'length' }],
    }
    expect(judge(reply({ status: 200, headers: flagged, body }))).toMatchObject({
      kind: 'undecided',
      reason: 'truncated-reasoning',
      detected: true,
    })
  })
})
