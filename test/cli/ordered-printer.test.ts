import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOrderedPrinter } from '../../src/cli/ordered-printer.ts'

test('whatever order texts come in, they are printed by place, each once', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), (order) => {
      const printed: string[] = []
      const printer = createOrderedPrinter((text) => printed.push(text))
      for (const place of order) printer.add(place, String(place))
      expect(printed.join('')).toBe('01234567')
    }),
  )
})

test('a text is printed as soon as all before it are, and a stop prints what waits', () => {
  const printed: string[] = []
  const printer = createOrderedPrinter((text) => printed.push(text))
  printer.add(1, 'b')
  expect(printed).toEqual([])
  printer.add(0, 'a')
  expect(printed).toEqual(['a', 'b'])
  printer.add(4, 'e')
  printer.add(3, 'd')
  printer.flush()
  expect(printed).toEqual(['a', 'b', 'd', 'e'])
})
