import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchUpstream, type SentRequest } from '../../src/observability/match-upstream.ts'
import type { UpstreamEntry } from '../../src/observability/upstream-log.ts'

let sequence = 0

function sent(key: string, given: Partial<SentRequest> = {}): SentRequest {
  return {
    key,
    endpoint: 'proxy',
    caseHeader: `${key};run=1`,
    promptHash: `hash of ${key}`,
    lastUserText: `text of ${key}`,
    ...given,
  }
}

function entry(key: string, given: Partial<UpstreamEntry> = {}): UpstreamEntry {
  sequence += 1
  return {
    sequence,
    caseId: `${key};run=1`,
    promptHash: `hash of ${key}`,
    lastUserText: `text of ${key}`,
    status: 200,
    ...given,
  }
}

const nameless = (key: string, given: Partial<UpstreamEntry> = {}) =>
  entry(key, { caseId: '', ...given })

function match(
  requests: readonly SentRequest[],
  entries: readonly UpstreamEntry[],
  complete = true,
) {
  const found = matchUpstream(requests, { entries, complete, notes: [] })
  return { ...found, of: (key: string) => found.evidence.get(key) }
}

describe('where the header arrives', () => {
  test('it tells what arrived, unchanged or not, and what did not', () => {
    const { of, by } = match(
      [sent('a'), sent('b'), sent('c')],
      [entry('a'), entry('b', { promptHash: 'other', status: 500 })],
    )
    expect(of('a')).toMatchObject({ reached: true, changed: false, status: 200 })
    expect(of('b')).toMatchObject({ reached: true, changed: true, status: 500 })
    expect(of('c')).toMatchObject({ reached: false })
    expect(by).toBe('header')
  })

  test('equal prompts are no matter', () => {
    const alike = { promptHash: 'same', lastUserText: 'same' }
    const { of } = match([sent('a', alike), sent('b', alike)], [entry('a', alike)])
    expect(of('a')).toMatchObject({ reached: true })
    expect(of('b')).toMatchObject({ reached: false })
  })

  test('entries of other runs and strangers are passed over', () => {
    const { of } = match(
      [sent('a'), sent('b')],
      [entry('a'), entry('b', { caseId: 'b;run=0' }), nameless('z')],
    )
    expect(of('b')).toMatchObject({ reached: false })
  })

  test('the last try of a proxy that tries again counts', () => {
    const { of } = match([sent('a')], [entry('a', { status: 500 }), entry('a')])
    expect(of('a')).toMatchObject({ reached: true, status: 200 })
  })

  test('a log without hashes does not say whether a prompt was changed', () => {
    expect(match([sent('a')], [entry('a', { promptHash: '' })]).of('a')?.changed).toBeUndefined()
  })
})

describe('where a proxy takes the header away', () => {
  test('prompts tell what arrived, and a changed system prompt is a change', () => {
    const { of, by } = match(
      [sent('a'), sent('b'), sent('c')],
      [nameless('a'), nameless('b', { promptHash: 'other' })],
    )
    expect(of('a')).toMatchObject({ reached: true, changed: false })
    expect(of('b')).toMatchObject({ reached: true, changed: true })
    expect(of('c')).toMatchObject({ reached: false })
    expect(by).toBe('prompt')
  })

  test('equal prompts are undecided from this source, unless none of them arrived', () => {
    const alike = { promptHash: 'same', lastUserText: 'same' }
    const requests = [sent('a', alike), sent('b', alike), sent('c')]
    const some = match(requests, [nameless('a', alike), nameless('c')])
    expect([some.of('a'), some.of('b')]).toEqual([undefined, undefined])
    expect(some.unknown).toBe(2)
    const none = match(requests, [nameless('c')])
    expect([none.of('a'), none.of('b')]).toMatchObject([{ reached: false }, { reached: false }])
  })

  test('an entry that could be the request in another shape forbids to say that it did not arrive', () => {
    const rewritten = nameless('z', { lastUserText: 'text of [name]' })
    const { of, notes } = match([sent('a'), sent('b')], [nameless('a'), rewritten])
    expect(of('a')).toMatchObject({ reached: true })
    expect(of('b')).toBeUndefined()
    expect(notes).toEqual(['1 entries may be requests of this run in another shape'])
  })

  test('only its endpoint is known by prompts', () => {
    const requests = [
      sent('a', { endpoint: 'direct' }),
      sent('b', { promptHash: 'hash of a', lastUserText: 'text of a' }),
      sent('c'),
    ]
    const { of, by } = match(requests, [entry('a'), nameless('c')])
    expect(of('a')).toMatchObject({ reached: true })
    // Its twin without the proxy is known by the header, and so not taken for it.
    expect(of('b')).toMatchObject({ reached: false })
    expect(by).toBe('both')
  })
})

describe('absence', () => {
  test('in a log that does not know this run proves nothing', () => {
    const { of, notes, by } = match([sent('a'), sent('b')], [])
    expect([of('a'), of('b')]).toEqual([undefined, undefined])
    expect(notes).toEqual(['no request of this run is in it'])
    expect(by).toBe('nothing')
  })

  test('in a log with gaps proves nothing', () => {
    expect(match([sent('a'), sent('b')], [entry('a')], false).of('b')).toBeUndefined()
    expect(match([sent('a'), sent('b')], [nameless('a')], false).of('b')).toBeUndefined()
  })

  test('is never concluded of what is in the log', () => {
    const keys = ['a', 'b', 'c', 'd']
    const seen = fc.subarray(keys)
    const hidden = fc.boolean()
    fc.assert(
      fc.property(seen, hidden, fc.boolean(), (arrived, headerless, complete) => {
        const entries = arrived.map((key) => (headerless ? nameless(key) : entry(key)))
        const found = match(
          keys.map((key) => sent(key)),
          entries,
          complete,
        )
        for (const key of arrived) expect(found.of(key)).toMatchObject({ reached: true })
        expect(found.reached + found.notReached + found.unknown).toBe(keys.length)
      }),
    )
  })
})
