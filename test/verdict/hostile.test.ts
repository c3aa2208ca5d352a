import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVIDENCE_KINDS, UNDECIDED_REASONS, type Verdict } from '../../src/model/verdict.ts'
import { UNDECIDED } from '../../src/model/undecided.ts'
import { classify } from '../../src/verdict/classify.ts'
import { readErrors } from '../../src/verdict/error-facts.ts'
import { pythonToJson } from '../../src/verdict/python-literal.ts'
import { readVerdictFixtures, REQUEST } from '../helpers/verdict-fixtures.ts'

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const judge = (body: string, status = 200, headers: ReadonlyMap<string, string> = new Map()) =>
  classify({ status, headers, body }, REQUEST)

function isVerdict({ kind, evidence, rule, ...rest }: Verdict): boolean {
  const reasoned =
    kind !== 'undecided' || UNDECIDED_REASONS.some((one) => 'reason' in rest && rest.reason === one)
  return (
    reasoned &&
    rule !== '' &&
    evidence.length > 0 &&
    evidence.every((one) => EVIDENCE_KINDS.includes(one.kind) && one.quote.length <= 160)
  )
}

const fixtures = readVerdictFixtures()
const status = fc.oneof(fc.constantFrom(200, 246, 400, 403, 422, 424, 429, 446, 500), fc.nat(999))
const headers = fc
  .dictionary(
    fc.constantFrom('content-type', 'x-llmtrace-action', 'x-vsr-fast-response'),
    fc.string(),
  )
  .map((given) => new Map(Object.entries(given)))

describe('nothing makes it throw', () => {
  test('no bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), status, headers, (bytes, code, given) =>
        isVerdict(judge(decode(bytes), code, given)),
      ),
    )
  })

  test('no JSON, framed or not', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), status, (json, framed, code) =>
        isVerdict(judge(framed ? `data:${json}\n\n` : json, code)),
      ),
    )
  })

  test('no value in the place of another', () => {
    const names = fc.constantFrom(
      ...['error', 'errors', 'detail', 'message', 'code', 'type', 'choices', 'delta', 'content'],
      ...['finish_reason', 'usage', 'hook_results', 'candidates', 'llmtrace', 'findings', 'output'],
      ...['promptFeedback', 'metadata', 'trace', 'before_request_hooks', 'verdict', 'blocked'],
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6, withCrossShrink: true },
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(names, tie('tree'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(tree, status, (value, code) => isVerdict(judge(JSON.stringify(value), code))),
      { numRuns: 1000 },
    )
  })

  test('no fixture that is cut or has a byte changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fixtures),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        fc.boolean(),
        ({ reply }, position, byte, cut) => {
          const bytes = new TextEncoder().encode(reply.body)
          const at = bytes.length === 0 ? 0 : position % bytes.length
          if (!cut && bytes.length > 0) bytes[at] = byte
          const body = decode(cut ? bytes.slice(0, at) : bytes)
          return isVerdict(classify({ ...reply, body }, REQUEST))
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('large and deep', () => {
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  const deepObject = (levels: number) => `${'{"error":'.repeat(levels)}1${'}'.repeat(levels)}`

  test.each([
    ['lists in lists', deep(200_000)],
    ['errors in errors', deepObject(100_000)],
    [
      'a deep value in evidence',
      `{"llmtrace":{"findings":[${deep(100_000)}]},"choices":[{"message":{"content":"x"}}]}`,
    ],
    ['a deep code', `{"error":{"code":${deep(100_000)},"message":${deep(100_000)}}}`],
    ['strings in strings', JSON.stringify(JSON.stringify(JSON.stringify({ error: 'x' })))],
    ['one long line', `data: ${'x'.repeat(2_000_000)}`],
    ['many events', 'data: {"choices":[]}\n\n'.repeat(20_000)],
    [
      'many errors',
      JSON.stringify({ errors: Array.from({ length: 50_000 }, () => ({ type: 'x' })) }),
    ],
    ['many quotes', JSON.stringify({ error: { message: `{${`'"`.repeat(100_000)}` } })],
    ['many line breaks', '\r'.repeat(1_000_000)],
    ['lone surrogates', '{"error":{"message":"\\ud800\\udc00\\ud800"}}'],
    ['NUL', '\0'.repeat(1000)],
    ['U+FFFD', decode(new Uint8Array([0xff, 0xfe, 0x7b, 0xc3, 0x28]))],
  ])('%s', { timeout: 5000 }, (_, body) => {
    for (const code of [200, 400]) expect(isVerdict(judge(body, code))).toBe(true)
  })

  test('a block is found behind a megabyte of answer', () => {
    const chunk = `data: {"choices":[{"delta":{"content":"${'x'.repeat(1000)}"}}]}\n\n`
    const end = 'data: {"error":{"type":"guardrail_blocked"}}\n\n'
    expect(judge(chunk.repeat(1000) + end)).toMatchObject({
      rule: 'agentgateway/intervention',
      stage: 'response',
    })
  })

  test('bytes that are no UTF-8 do not hide a block', () => {
    const bytes = new TextEncoder().encode('{"error":{"type":"guardrail_blocked","message":"?"}}')
    bytes[bytes.indexOf(0x3f)] = 0xff
    expect(judge(decode(bytes), 403)).toMatchObject({ rule: 'agentgateway/intervention' })
  })
})

describe('a dict as Python prints it', () => {
  test.each([
    ["{'a': 'b'}", { a: 'b' }],
    ["{'a': \"it's\"}", { a: "it's" }],
    [
      "{'a': 'say \"x\"', 'b': None, 'c': True, 'd': [False, 1.5]}",
      { a: 'say "x"', b: null, c: true, d: [false, 1.5] },
    ],
    [String.raw`{'a': 'it\'s\n\xe9'}`, { a: "it's\né" }],
    ["{'a': 'None'}", { a: 'None' }],
  ])('%s', (text, value) => {
    expect(JSON.parse(pythonToJson(text))).toEqual(value)
  })

  test('any text stays a text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof pythonToJson(text) === 'string'))
  })
})

describe('readErrors', () => {
  const readOne = (object: Record<string, unknown>) =>
    readErrors([object]).map(({ at, type, code, message }) => [at, type, code, message])

  test.each([
    [{ error: 'x' }, [['error', '', '', 'x']]],
    [{ error: { type: 't', code: 400, message: 'm' } }, [['error', 't', '400', 'm']]],
    [
      { error: [{ code: 'c' }, 'x'] },
      [
        ['error', '', 'c', ''],
        ['error', '', '', 'x'],
      ],
    ],
    [{ detail: 'x' }, [['detail', '', '', 'x']]],
    [{ message: 'm', code: 1 }, [['body', '', '1', 'm']]],
    [{ choices: [{ error: { code: 'c' } }] }, [['choices[].error', '', 'c', '']]],
    [
      { error: { message: { error: 'x' } } },
      [
        ['error', '', '', ''],
        ['error.message', '', '', 'x'],
      ],
    ],
    [
      { error: { message: "{'error': 'x'}" } },
      [
        ['error', '', '', "{'error': 'x'}"],
        ['error.message', '', '', 'x'],
      ],
    ],
    [{ error: { status: 'UNAVAILABLE' } }, [['error', '', 'UNAVAILABLE', '']]],
    [{ error: null }, []],
    [{ error: '' }, []],
    [{ message: { role: 'assistant', content: 'x' } }, []],
  ])('%j', (object, expected) => {
    expect(readOne(object)).toEqual(expected)
  })
})

test('each reason has words for people', () => {
  expect(Object.keys(UNDECIDED).toSorted()).toEqual(UNDECIDED_REASONS.toSorted())
})
