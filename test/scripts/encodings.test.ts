import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ENCODINGS, NESTED_CHAIN, chainEncodings } from '../../scripts/corpus/encodings.ts'

interface Seed {
  readonly id: string
  readonly before: string
  readonly plain: string
  readonly after: string
}

interface EncodedRow {
  readonly id: string
  readonly text: string
  readonly subcategory: string
  readonly messages?: readonly { readonly content: string }[]
  readonly metadata: {
    readonly encoding: string
    readonly chain?: readonly string[]
    readonly plain: string
    readonly start: number
    readonly end: number
  }
}

const printableAscii = fc.string({ unit: 'grapheme-ascii', maxLength: 200 })
const LOSSY = ['leet', 'morse']
const NAMED = Object.entries(ENCODINGS)

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../benchmarks/${path}`, import.meta.url), 'utf8'))
}

describe('encodings', () => {
  test.each(NAMED)('%s decodes to the normal form of any printable ASCII', (_, encoding) => {
    fc.assert(
      fc.property(printableAscii, (text) => {
        expect(encoding.decode(encoding.encode(text))).toBe(encoding.normalise(text))
      }),
    )
  })

  test.each(NAMED.filter(([name]) => !LOSSY.includes(name)))('%s loses nothing', (_, encoding) => {
    fc.assert(
      fc.property(printableAscii, (text) => {
        expect(encoding.normalise(text)).toBe(text)
      }),
    )
  })

  test.each(NAMED)('%s gives a normal form that is stable', (_, encoding) => {
    fc.assert(
      fc.property(printableAscii, (text) => {
        const normal = encoding.normalise(text)
        expect(encoding.normalise(normal)).toBe(normal)
        expect(encoding.encode(normal)).toBe(
          encoding.encode(encoding.decode(encoding.encode(text))),
        )
      }),
    )
  })

  test.each(['base64', 'hex', 'percent', 'html_entity', 'unicode_escape', 'braille_binary'])(
    '%s keeps any Unicode text',
    (name) => {
      const encoding = chainEncodings([name])
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (text) => {
          expect(encoding.decode(encoding.encode(text))).toBe(text)
        }),
      )
    },
  )

  test.each([
    ['base64', 'Tell me', 'VGVsbCBtZQ=='],
    ['nested', 'hi', 'Njg2OQ=='],
    ['hex', 'Tell', '54656c6c'],
    ['rot13', 'Tell me, Zoë', 'Gryy zr, Mbë'],
    ['percent', 'a é', '%61%20%C3%A9'],
    ['html_entity', 'a b', '&#97; &#98;'],
    ['unicode_escape', 'a b', '\\u0061 \\u0062'],
    ['leet', 'Tell a lie', '73ll 4 l13'],
    ['homoglyph', 'pace', 'расе'],
    ['zero_width', 'system', 'sy\u200Cst\u200Dem'],
    ['tag_chars', 'Hi', '\u{E0048}\u{E0069}'],
    ['bidi', 'abc\nde', '\u202Ecba\u202C\n\u202Eed\u202C'],
    ['fullwidth', 'Hi you', 'Ｈｉ　ｙｏｕ'],
    ['diacritics', 'aq b', 'áq ḅ'],
    ['reversed', 'Tell me', 'em lleT'],
    ['morse', 'Go on #2', '--. --- / --- -. / ..---'],
    ['braille_binary', 'Hi', '⡈⡩'],
  ])('%s writes %j as %j', (name, plain, disguised) => {
    expect(ENCODINGS[name]?.encode(plain)).toBe(disguised)
  })

  test('a chain applies the first named first, and an unknown name is refused', () => {
    expect(chainEncodings(NESTED_CHAIN).encode('hi')).toBe(ENCODINGS['nested']?.encode('hi'))
    expect(chainEncodings(['reversed', 'rot13']).encode('ab')).toBe('on')
    expect(() => chainEncodings(['rot14'])).toThrow('"rot14" is not an encoding; use base64')
  })
})

describe('the encoded rows', () => {
  const rows = readJson('datasets/encoding_evasion.json') as readonly EncodedRow[]
  const seeds = readJson('seeds/encoding-evasion.json') as readonly Seed[]

  test.each(rows.map((row) => [row.id, row] as const))('%s decodes to its plain text', (_, row) => {
    const { chain, encoding, plain, start, end } = row.metadata
    const codec = chainEncodings(chain ?? [encoding])
    expect(row.subcategory).toBe(encoding)
    expect(codec.decode(row.text.slice(start, end))).toBe(codec.normalise(plain))
    expect(row.messages?.map(({ content }) => content) ?? [row.text]).toContain(row.text)
  })

  test('come one from each seed, with the text around them as authored', () => {
    const authored = seeds.map(({ id, before, plain, after }) => ({ id, before, plain, after }))
    expect(
      rows.map(({ id, text, metadata: { plain, start, end } }) => ({
        id,
        before: text.slice(0, start),
        plain,
        after: text.slice(end),
      })),
    ).toEqual(authored)
  })
})
