import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldText } from '../../../../src/servers/proxy/text/fold-text.ts'

const characters = fc.constantFrom(
  ...['a', 'e', 'Z', ' ', '=', '3', 'é', 'ế', 'ﬁ', 'Å', '½', 'か', '각', 'ᄀ', 'ᅡ', 'क'],
  ...['\u0300', '\u0301', '\u0327', '\u0338', '\u3099', '\u093C'],
)

it('folds what is beyond ASCII as it would fold the whole text', () => {
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 40 }), (text) => {
      const whole = text
        .normalize('NFKC')
        .normalize('NFD')
        .replaceAll(/([A-Za-z])\p{M}{1,16}/gu, '$1')
        .normalize('NFC')
      expect(foldText(text).text).toBe(whole)
    }),
  )
})

it('counts words that are buried in marks', () => {
  expect(
    foldText('h\u0301e\u0301y\u0301 y\u0301o\u0301u\u0301 t\u0301o\u0301o\u0301').oddities?.marks,
  ).toBe(3)
})
