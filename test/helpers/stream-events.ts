/** Bytes of streamed chat completions, for tests that play them. */

export function dataEvent(value: unknown): string {
  return `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`
}

export function contentEvent(content: string): string {
  return dataEvent({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })
}

export const ROLE_EVENT = dataEvent({
  choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
})

export const DONE_EVENT = 'data: [DONE]\n\n'

export function finishEvent(reason = 'stop'): string {
  return dataEvent({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })
}

export function usageEvent(outputTokens: number, inputTokens = 7): string {
  return dataEvent({
    choices: [],
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    },
  })
}

/** A whole stream with these content chunks, as vLLM sends one. */
export function wholeStream(chunks: readonly string[]): string {
  const content = chunks.map((chunk) => contentEvent(chunk)).join('')
  return ROLE_EVENT + content + finishEvent() + usageEvent(chunks.length) + DONE_EVENT
}
