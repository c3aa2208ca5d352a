import { createParser, type EventSourceParser } from 'eventsource-parser'
import { listAt, numberAt, parseJson, textAt, valueAt } from '../../wire/json.ts'
import { readToolCalls, type ToolCall } from '../../wire/tool-calls.ts'

interface PartialCall {
  id: string
  function: { name: string; arguments: string }
}

/**
 * Reads a streamed answer while it passes, to tell a call for tools, which the user is not to see, from words, and to
 * remember what was said.
 */
export class StreamedAnswer {
  content = ''
  private readonly calls = new Map<number, PartialCall>()
  private readonly decoder = new TextDecoder()
  private readonly parser: EventSourceParser

  constructor() {
    this.parser = createParser({ onEvent: ({ data }) => this.take(data) })
  }

  feed(bytes: Uint8Array): void {
    this.parser.feed(this.decoder.decode(bytes, { stream: true }))
  }

  /** `words` or `tools` with the first delta that has either; undefined before. */
  get kind(): 'words' | 'tools' | undefined {
    if (this.content !== '') return 'words'
    return this.calls.size > 0 ? 'tools' : undefined
  }

  get toolCalls(): ToolCall[] {
    return readToolCalls({ tool_calls: [...this.calls.values()] })
  }

  private take(data: string): void {
    const event = parseJson(data)
    const delta = valueAt(event, 'choices', 0, 'delta')
    this.content += textAt(delta, 'content')
    for (const piece of listAt(delta, 'tool_calls')) {
      const index = numberAt(piece, 'index') ?? 0
      const call = this.calls.get(index) ?? { id: '', function: { name: '', arguments: '' } }
      call.id ||= textAt(piece, 'id')
      call.function.name ||= textAt(piece, 'function', 'name')
      call.function.arguments += textAt(piece, 'function', 'arguments')
      this.calls.set(index, call)
    }
  }
}
