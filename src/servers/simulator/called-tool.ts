import { createRandom, integerBelow, type Random } from '../../stats/random.ts'
import type { ChatRequest } from '../../wire/chat-request.ts'
import { isRecord, listAt, recordAt, textAt } from '../../wire/json.ts'
import type { ToolCall } from '../../wire/tool-calls.ts'

/**
 * The tool that a request makes the model call, by `tool_choice` `required` or a function's name; undefined where it is
 * free not to, and then this model never does. The arguments keep to the tool's schema as far as a value can be made
 * up: the first of an enumeration or of the examples, else something of the right type.
 */
export function calledTool(
  { tools = [], tool_choice: choice }: ChatRequest,
  seed: string,
): ToolCall | undefined {
  const random = createRandom(`${seed}/tool`)
  const named = textAt(choice, 'function', 'name')
  if (choice !== 'required' && named === '') return undefined
  const offered = tools.filter((tool) => textAt(tool, 'function', 'name') !== '')
  const tool = named === '' ? offered[pick(random, offered.length)] : nameIn(offered, named)
  if (tool === undefined) return undefined
  const id = `call_${integerBelow(random, 2 ** 31).toString(36)}`
  const given = madeUp(recordAt(tool, 'function', 'parameters'), random)
  return { id, name: textAt(tool, 'function', 'name'), argumentsText: JSON.stringify(given) }
}

function nameIn(tools: readonly unknown[], name: string): unknown {
  return tools.find((tool) => textAt(tool, 'function', 'name') === name)
}

function pick(random: Random, count: number): number {
  return count === 0 ? 0 : integerBelow(random, count)
}

function madeUp(schema: unknown, random: Random): Record<string, unknown> {
  const properties = recordAt(schema, 'properties') ?? {}
  const required = new Set(listAt(schema, 'required'))
  const entries = Object.entries(properties).filter(([name]) => required.has(name))
  return Object.fromEntries(entries.map(([name, one]) => [name, valueOf(one, random)]))
}

function valueOf(schema: unknown, random: Random): unknown {
  const listed = [...listAt(schema, 'enum'), ...listAt(schema, 'examples')]
  if (listed.length > 0) return listed[pick(random, listed.length)]
  switch (isRecord(schema) ? schema['type'] : undefined) {
    case 'number':
    case 'integer':
      return 1
    case 'boolean':
      return true
    case 'array':
      return []
    case 'object':
      return madeUp(schema, random)
    default:
      return 'text'
  }
}
