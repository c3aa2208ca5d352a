import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cutInCharacter,
  EVENT_FAULTS,
  type EventFault,
  EventFaults,
} from '../../src/wire/event-faults.ts'
import { EventSplitter } from '../../src/wire/event-splitter.ts'

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`
const delta = (fields: object, finish: string | null = null) =>
  event({ id: 'x', choices: [{ index: 0, delta: fields, finish_reason: finish }] })
const USAGE = event({ id: 'x', choices: [], usage: { total_tokens: 3 } })
const DONE = 'data: [DONE]\n\n'
const STREAM = [
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'One' }),
  delta({ content: ' two' }),
  delta({ content: ' three' }),
  delta({}, 'stop'),
  USAGE,
  DONE,
]

function passed(faults: readonly EventFault[], events = STREAM, chosen = 0): string[] {
  const stream = new EventFaults(faults, chosen)
  return [...events.flatMap((one) => stream.push(one)), ...stream.end()]
}

describe('EventFaults', () => {
  test('without faults gives what it gets', () => {
    expect(passed([])).toEqual(STREAM)
    fc.assert(
      fc.property(fc.array(fc.string()), (events) => {
        expect(passed([], events)).toEqual(events)
      }),
    )
  })

  test.each<[EventFault, number, readonly string[]]>([
    ['no-role', 0, STREAM.slice(1)],
    ['double-role', 0, [STREAM[0] ?? '', ...STREAM]],
    ['no-usage', 0, STREAM.filter((one) => one !== USAGE)],
    ['no-done', 0, STREAM.slice(0, -1)],
    ['reorder', 0, [0, 2, 1, 3, 4, 5, 6].map((index) => STREAM[index] ?? '')],
    ['reorder', 1, [0, 1, 3, 2, 4, 5, 6].map((index) => STREAM[index] ?? '')],
    // No event with content follows, so that it comes in its place.
    ['reorder', 2, STREAM],
    ['alter', 0, STREAM.with(1, delta({ content: 'Bar' }))],
    ['alter', 2, STREAM.with(3, delta({ content: ' guerr' }))],
    ['crlf', 0, STREAM.map((one) => one.replaceAll('\n', '\r\n'))],
    ['no-space', 0, STREAM.map((one) => one.replace('data: ', 'data:'))],
  ])('%s, chosen %i', (fault, chosen, expected) => {
    expect(passed([fault], STREAM, chosen)).toEqual(expected)
  })

  test('comments come between events, and change none', () => {
    const text = passed(['comments'])
    expect(text.filter((one) => one.startsWith(':'))).toEqual(Array(3).fill(': keep-alive\n\n'))
    expect(text.filter((one) => !one.startsWith(':'))).toEqual(STREAM)
  })

  test('a role beside the first content is taken out of it, or comes twice', () => {
    const both = [delta({ role: 'assistant', content: 'One' }), DONE]
    expect(passed(['no-role'], both)).toEqual([delta({ content: 'One' }), DONE])
    expect(passed(['double-role'], both)).toEqual([
      delta({ role: 'assistant', content: '' }),
      ...both,
    ])
  })

  test('a usage beside choices is taken out of its chunk', () => {
    const chunk = { choices: [{ delta: { content: 'One' } }], usage: { total_tokens: 1 } }
    expect(passed(['no-usage'], [event(chunk)])).toEqual([event({ choices: chunk.choices })])
  })

  test('what has no letters is altered too', () => {
    expect(passed(['alter'], [delta({ content: '42' })])).toEqual([delta({ content: '42?' })])
  })

  test('what is held back for a swap is not lost, however the stream ends', () => {
    const [role = '', one = ''] = STREAM
    expect(passed(['reorder'], [role, one])).toEqual([role, one])
    expect(passed(['reorder', 'no-done'], [role, one, DONE])).toEqual([role, one])
    expect(passed(['reorder'], [role, one, delta({}, 'stop')])).toEqual([
      role,
      one,
      delta({}, 'stop'),
    ])
  })

  test('survives whatever an event holds', () => {
    fc.assert(
      fc.property(fc.subarray([...EVENT_FAULTS]), fc.array(fc.json()), (faults, values) => {
        const events = values.map((value) => `data: ${value}\n\n`)
        for (const one of passed(faults, events)) expect(one).toMatch(/\r?\n\r?\n$/)
      }),
    )
  })
})

describe('EventSplitter', () => {
  test('gives the same events however the bytes are cut, and loses nothing', () => {
    const piece = fc.constantFrom('data: é', 'data:🙂', '\n', '\n\n', '\r\n\r\n', '\n\r\n', ': x')
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(6)), (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(''))
        const splitter = new EventSplitter()
        const cut: string[] = []
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = 1 + (cuts[turn % Math.max(1, cuts.length)] ?? 0)
          cut.push(...splitter.push(bytes.subarray(at, at + size)))
          at += size
        }
        const rest = splitter.rest()
        expect(cut.join('') + rest).toBe(bytes.toString())
        expect(rest).not.toMatch(/\n\n|\n\r\n/)
        for (const one of cut) expect(one).toMatch(/\n$/)
      }),
    )
  })

  test('keeps a byte order mark', () => {
    expect(new EventSplitter().push(Buffer.from('\uFEFFdata: a\n\n'))).toEqual([
      '\uFEFFdata: a\n\n',
    ])
  })
})

describe('cutInCharacter', () => {
  test('gives two pieces of which neither is UTF-8, and one where there is nothing to cut', () => {
    expect(cutInCharacter(Buffer.from('plain'))).toHaveLength(1)
    expect(cutInCharacter(new Uint8Array())).toHaveLength(1)
    for (const text of ['aé', '—x', 'ab🙂cd', '語']) {
      const pieces = cutInCharacter(Buffer.from(text))
      expect(pieces).toHaveLength(2)
      expect(Buffer.concat(pieces).toString()).toBe(text)
      for (const one of pieces) {
        expect(() => new TextDecoder('utf-8', { fatal: true }).decode(one)).toThrow(TypeError)
      }
    }
  })
})
