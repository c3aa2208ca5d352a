/** What matters of a completion's body to tell whether two answers are alike. */
export interface CompletionFacts {
  readonly content: string | undefined
  readonly completionTokens: number | undefined
  readonly cachedTokens: number
  /** max_tokens ran out before any content: all of it was reasoning. */
  readonly truncatedReasoning: boolean
}

const NOTHING: CompletionFacts = {
  content: undefined,
  completionTokens: undefined,
  cachedTokens: 0,
  truncatedReasoning: false,
}

/** Reads a chat completion; anything else has no facts. */
export function readCompletionFacts(body: string): CompletionFacts {
  const completion = parseRecord(body)
  const usage = recordAt(completion, 'usage')
  const choices = completion?.['choices']
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined
  if (completion === undefined || !isRecord(choice)) return NOTHING
  const message = recordAt(choice, 'message') ?? {}
  const content = typeof message['content'] === 'string' ? message['content'] : undefined
  const reasoning = message['reasoning'] ?? message['reasoning_content']
  return {
    content,
    completionTokens: numberAt(usage, 'completion_tokens'),
    cachedTokens: numberAt(recordAt(usage, 'prompt_tokens_details'), 'cached_tokens') ?? 0,
    truncatedReasoning:
      choice['finish_reason'] === 'length' &&
      (content ?? '') === '' &&
      typeof reasoning === 'string' &&
      reasoning !== '',
  }
}

function parseRecord(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function recordAt(of: Record<string, unknown> | undefined, key: string) {
  const value = of?.[key]
  return isRecord(value) ? value : undefined
}

function numberAt(of: Record<string, unknown> | undefined, key: string): number | undefined {
  const value = of?.[key]
  return typeof value === 'number' ? value : undefined
}
