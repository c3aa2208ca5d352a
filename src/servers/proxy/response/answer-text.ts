import {
  isRecord,
  type JsonRecord,
  listAt,
  numberAt,
  parseJson,
  recordAt,
  textAt,
} from '../../../wire/json.ts'

/** What an answer says, as far as it has come. */
export interface AnswerFacts {
  readonly promptTokens: number | undefined
  readonly completionTokens: number | undefined
}

/** Gathers the text of an answer, from a completion or from the chunks of one; each choice by itself. */
export class AnswerText {
  private readonly choices = new Map<number, string>()
  private usage: JsonRecord | undefined
  private readonly mostCharacters: number

  constructor(mostCharacters: number) {
    this.mostCharacters = mostCharacters
  }

  /** Takes an object of the answer; gives the choices to which it added text. */
  take(value: unknown): readonly number[] {
    if (!isRecord(value)) return []
    this.usage = recordAt(value, 'usage') ?? this.usage
    const grown: number[] = []
    for (const [position, choice] of listAt(value, 'choices').entries()) {
      const index = numberAt(choice, 'index') ?? position
      const added =
        spoken(recordAt(choice, 'delta') ?? recordAt(choice, 'message')) + textAt(choice, 'text')
      if (added === '') continue
      const before = this.choices.get(index) ?? ''
      this.choices.set(index, (before + added).slice(0, this.mostCharacters))
      grown.push(index)
    }
    return grown
  }

  /** A body that is no completion is one text. */
  takeBody(body: string): void {
    const value = parseJson(body)
    if (this.take(value).length === 0) this.choices.set(0, body.slice(0, this.mostCharacters))
  }

  of(choice: number): string {
    return this.choices.get(choice) ?? ''
  }

  get texts(): readonly string[] {
    return [...this.choices.values()]
  }

  get facts(): AnswerFacts {
    return {
      promptTokens: numberAt(this.usage, 'prompt_tokens'),
      completionTokens: numberAt(this.usage, 'completion_tokens'),
    }
  }
}

/** Everything that a message, or a piece of one, lets its reader see. */
function spoken(message: JsonRecord | undefined): string {
  if (message === undefined) return ''
  const content = message['content']
  const parts = Array.isArray(content) ? content.map((part) => textAt(part, 'text')).join('') : ''
  const calls = listAt(message, 'tool_calls').map((call) => textAt(call, 'function', 'arguments'))
  return [
    textAt(message, 'content'),
    parts,
    textAt(message, 'refusal'),
    textAt(message, 'reasoning_content'),
    ...calls,
  ].join('')
}
