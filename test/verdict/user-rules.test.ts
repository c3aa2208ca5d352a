import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/model/usage-error.ts'
import { matchUserRule } from '../../src/verdict/match-user-rule.ts'
import { readReply } from '../../src/verdict/read-reply.ts'
import { parseUserRule } from '../../src/verdict/user-rules.ts'

function problemOf(text: string): string {
  try {
    parseUserRule(text)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error(`no error for ${text}`)
}

function matches(
  rule: string,
  reply: { status?: number; headers?: Record<string, string>; body?: unknown },
) {
  const { status = 200, headers = {}, body = '' } = reply
  const view = readReply({
    status,
    headers: new Map(Object.entries(headers)),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  if (view === undefined) throw new Error('a status was given')
  return matchUserRule(parseUserRule(rule), view)
}

describe('parseUserRule', () => {
  test.each([
    ['status==403', { kind: 'status', operator: '==', status: 403 }],
    [' status >= 400 ', { kind: 'status', operator: '>=', status: 400 }],
    ['header:X-Guard=blocked', { kind: 'header', name: 'x-guard', value: 'blocked' }],
    ['header:x-guard', { kind: 'header', name: 'x-guard', value: undefined }],
    ['header:x-guard=', { kind: 'header', name: 'x-guard', value: '' }],
    ['header: x-guard = a=b', { kind: 'header', name: 'x-guard', value: 'a=b' }],
    [
      'json:$.error.code=content_filter',
      { kind: 'json', path: ['error', 'code'], value: 'content_filter' },
    ],
    ['json:$.choices[0]["x-guard"]', { kind: 'json', path: ['choices', 0, 'x-guard'] }],
    ["json:$['a b'].c = =d", { kind: 'json', path: ['a b', 'c'], value: '=d' }],
    ['body~[Bb]locked by \\w+', { kind: 'body', pattern: '[Bb]locked by \\w+' }],
  ])('%s', (text, rule) => {
    expect(parseUserRule(text)).toMatchObject({ ...rule, text: text.trim() })
  })

  test.each([
    ['', /--blocked-when: "" is no rule; write status==403, .* or body~blocked/],
    ['403', /"403" is no rule; write status==403/],
    ['status=403', /"status=403" is no rule on a status; write one of == != >= <= > </],
    ['status==teapot', /three digits, such as status==403/],
    ['statuscode==403', /is no rule; write/],
    ['header:', /names no header; write header:x-guard=blocked/],
    ['header:x guard', /names no header/],
    ['json:error.code', /has no path that can be followed; write json:\$\.error\.code/],
    ['json:$', /has no path/],
    ['json:$.a..b', /has no path/],
    ['json:$.a[*]', /has no path/],
    ['body~', /a pattern of 0 characters; give 1 to 200/],
    [`body~${'a'.repeat(201)}`, /a pattern of 201 characters; give 1 to 200/],
    ['body~(', /"body~\(" has a pattern that is no regular expression \(.*\); escape \(/],
    ['body~.*', /has a pattern that every body matches/],
  ])('refuses %j', (text, message) => {
    expect(problemOf(text)).toMatch(message)
  })

  test('reads or refuses everything', () => {
    const forms = fc.constantFrom('', 'status', 'header:', 'json:$', 'json:', 'body~')
    fc.assert(
      fc.property(forms, fc.string(), (form, rest) => {
        const given = form + rest
        return readsAs(given) === given.trim() || problemOf(given).startsWith('--blocked-when: "')
      }),
    )
  })
})

function readsAs(text: string): string | undefined {
  try {
    return parseUserRule(text).text
  } catch {
    return undefined
  }
}

describe('matchUserRule', () => {
  test.each([
    ['status==403', 403, true],
    ['status==403', 404, false],
    ['status!=200', 446, true],
    ['status>=400', 400, true],
    ['status>400', 400, false],
    ['status<=403', 200, true],
    ['status<300', 300, false],
    ['status>=400', 429, false],
    ['status!=200', 503, false],
    ['status==429', 429, true],
  ])('%s with status %d is %s', (rule, status, expected) => {
    expect(matches(rule, { status }) !== undefined).toBe(expected)
  })

  test.each([
    ['header:x-guard', { 'x-guard': 'anything' }, true],
    ['header:x-guard', {}, false],
    ['header:X-Guard=blocked', { 'x-guard': 'blocked' }, true],
    ['header:x-guard=blocked', { 'x-guard': 'allowed' }, false],
    ['header:x-guard=', { 'x-guard': '' }, true],
  ])('%s with %j is %s', (rule, headers, expected) => {
    expect(matches(rule, { headers }) !== undefined).toBe(expected)
  })

  test.each([
    ['json:$.error.code=content_filter', { error: { code: 'content_filter' } }, true],
    ['json:$.error.code=403', { error: { code: 403 } }, true],
    ['json:$.blocked=true', { blocked: true }, true],
    ['json:$.blocked', { blocked: true }, true],
    ['json:$.blocked', { blocked: false }, false],
    ['json:$.error', { error: null }, false],
    ['json:$.error=null', { error: null }, true],
    ['json:$.list[1].a', { list: [{}, { a: {} }] }, true],
    ['json:$.a', 'not JSON', false],
    ['json:$.constructor.name', {}, false],
    ['json:$.code=blocked', 'data: {"code":"ok"}\n\ndata: {"code":"blocked"}\n\n', true],
    ['body~\\bdenied\\b', 'request denied by policy', true],
    ['body~denied', 'Denied', false],
  ])('%s with %j is %s', (rule, body, expected) => {
    expect(matches(rule, { body }) !== undefined).toBe(expected)
  })

  test('its evidence quotes what it saw', () => {
    expect(matches('json:$.a[0].b=x', { body: { a: [{ b: 'x' }] } })).toEqual({
      kind: 'user-rule',
      field: '$.a[0].b',
      quote: 'x',
    })
  })
})
