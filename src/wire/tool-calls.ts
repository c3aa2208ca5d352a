import { isRecord, listAt, parseJson, textAt } from './json.ts'

/** A function that the model asks its caller to run. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  /** As the model wrote them: meant to be a JSON object, but nothing holds it to that. */
  readonly argumentsText: string
}

/** A function as it is offered to the model. */
export interface ToolOffer {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** The field `tools` of a request. */
export function toolsField(offers: readonly ToolOffer[]) {
  return offers.map((offer) => ({ type: 'function', function: offer }))
}

/** The tool calls of a message, as it came or as the deltas of a stream put it together. */
export function readToolCalls(message: unknown): ToolCall[] {
  return listAt(message, 'tool_calls').flatMap((call): ToolCall[] => {
    const name = textAt(call, 'function', 'name')
    if (name === '') return []
    return [{ id: textAt(call, 'id'), name, argumentsText: textAt(call, 'function', 'arguments') }]
  })
}

/** The assistant's message that asked for these calls. */
export function toolCallMessage(calls: readonly ToolCall[]) {
  return {
    role: 'assistant',
    content: null,
    tool_calls: calls.map(({ id, name, argumentsText }) => ({
      id,
      type: 'function',
      function: { name, arguments: argumentsText },
    })),
  }
}

/** What the function gave, for the model. */
export function toolResultMessage({ id }: ToolCall, content: string) {
  return { role: 'tool', tool_call_id: id, content }
}

/** The arguments as an object; undefined where the model wrote something else. */
export function toolArguments({
  argumentsText,
}: ToolCall): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(argumentsText)
  return isRecord(value) ? value : undefined
}
