import fc from 'fast-check'
import { expect, it } from 'vitest'
import { codeUnits } from '../../../../src/servers/proxy/text/code-units.ts'
import { Hints, Trigrams } from '../../../../src/servers/proxy/text/hints.ts'

const trigramsOf = (text: string) => new Trigrams(codeUnits(text), text.length)
const characters = fc.constantFrom('a', 'B', 'c', ' ', '-', '_', '1', 'é', 'Ж', '日', '😀')
const someText = fc.string({ unit: characters, maxLength: 40 })

it('trigrams rule out no word that a text has, in whatever case', () => {
  fc.assert(
    fc.property(someText, someText, someText, (before, word, after) => {
      const text = before + word + after
      const hints = new Hints([word.toLowerCase()])
      const lower = text.toLowerCase()
      expect(hints.within(lower, trigramsOf(text))).toBe(lower.includes(word.toLowerCase()))
    }),
  )
})

it('trigrams rule out a word that is not there', () => {
  const trigrams = trigramsOf('The library opens at nine.')
  expect(new Hints(['password', 'library']).countIn(trigrams)).toBe(1)
})
