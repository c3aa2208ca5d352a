import { isRecord, numberAt, parseJson, recordAt } from './json.ts'

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
  const parsed = parseJson(body)
  const completion = isRecord(parsed) ? parsed : undefined
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
