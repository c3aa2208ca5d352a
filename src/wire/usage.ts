export interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
  readonly completion_tokens_details?: { readonly reasoning_tokens: number }
}

/** Tokens of a text, taken as four characters each: a rule of thumb for English that needs no tokenizer. */
export function approximateTokens(text: string): number {
  return Math.ceil(text.length / 4)
}

/** `reasoningTokens` are among the completion's. */
export function createUsage(
  promptTokens: number,
  completionTokens: number,
  reasoningTokens = 0,
): Usage {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(reasoningTokens === 0
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  }
}
