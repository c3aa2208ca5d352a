import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calledTool } from '../../../src/servers/simulator/called-tool.ts'
import type { ChatRequest } from '../../../src/wire/chat-request.ts'
import { toolsField } from '../../../src/wire/tool-calls.ts'

const tool = (name: string, properties: Record<string, unknown> = {}, required: string[] = []) => ({
  name,
  description: '',
  parameters: { type: 'object', properties, required },
})

function request(tools: readonly ReturnType<typeof tool>[], choice: unknown): ChatRequest {
  const messages = [{ role: 'user', content: 'hi' }]
  return { model: 'm', messages, tools: toolsField(tools), tool_choice: choice }
}

describe('calledTool', () => {
  test('calls one only where it is made to', () => {
    const tools = [tool('a'), tool('b')]
    expect(calledTool(request(tools, undefined), 's')).toBeUndefined()
    expect(calledTool(request(tools, 'auto'), 's')).toBeUndefined()
    expect(calledTool(request([], 'required'), 's')).toBeUndefined()
    expect(['a', 'b']).toContain(calledTool(request(tools, 'required'), 's')?.name)
    const named = { type: 'function', function: { name: 'b' } }
    expect(calledTool(request(tools, named), 's')?.name).toBe('b')
    expect(calledTool(request([tool('a')], named), 's')).toBeUndefined()
  })

  test('makes up what the schema requires, from its own words where it has any', () => {
    const properties = {
      article: { type: 'string', enum: ['lamp'] },
      sum: { type: 'string', examples: ['1 + 1'] },
      count: { type: 'integer' },
      inner: { type: 'object', properties: { yes: { type: 'boolean' } }, required: ['yes'] },
      left: { type: 'string' },
    }
    const tools = [tool('a', properties, ['article', 'sum', 'count', 'inner'])]
    const call = calledTool(request(tools, 'required'), 's')
    expect(JSON.parse(call?.argumentsText ?? '')).toEqual({
      article: 'lamp',
      sum: '1 + 1',
      count: 1,
      inner: { yes: true },
    })
  })

  test('takes any tools without harm, and calls the same for the same seed', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), fc.string(), (tools, choice, seed) => {
        const asked = { model: 'm', messages: [], tools, tool_choice: choice }
        expect(calledTool(asked, seed)).toEqual(calledTool(asked, seed))
      }),
    )
  })
})
