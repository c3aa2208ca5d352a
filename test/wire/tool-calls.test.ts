import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readToolCalls, toolArguments, toolCallMessage } from '../../src/wire/tool-calls.ts'

const call = fc.record({
  id: fc.string(),
  name: fc.string({ minLength: 1 }),
  argumentsText: fc.string(),
})

describe('tool calls', () => {
  test('read back as they were written', () => {
    fc.assert(
      fc.property(fc.array(call), (calls) => {
        const message: unknown = JSON.parse(JSON.stringify(toolCallMessage(calls)))
        expect(readToolCalls(message)).toEqual(calls)
      }),
    )
  })

  test('of any other shape are none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readToolCalls({ tool_calls: value }).every(({ name }) => name !== '')).toBe(true)
      }),
    )
    expect(readToolCalls(undefined)).toEqual([])
  })

  test('have arguments only where the model wrote an object', () => {
    const of = (argumentsText: string) => toolArguments({ id: '1', name: 'f', argumentsText })
    expect(of('{"a":1}')).toEqual({ a: 1 })
    expect(of('[1]')).toBeUndefined()
    expect(of('{"a":')).toBeUndefined()
  })
})
