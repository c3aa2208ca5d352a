import { type ToolCall, toolCallMessage } from './tool-calls.ts'
import type { Usage } from './usage.ts'

export type FinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls'

export interface Completion {
  readonly id: string
  /** Unix time in seconds. */
  readonly created: number
  readonly model: string
  readonly content: string
  /** What a reasoning model thought first. */
  readonly reasoning?: string | undefined
  /** Functions to call, in place of a content. */
  readonly toolCalls?: readonly ToolCall[] | undefined
  readonly finishReason: FinishReason
  readonly usage: Usage
}

/** The object that a chat completion without streaming answers with. */
export function chatCompletion(completion: Completion) {
  const { id, created, model, content, reasoning, toolCalls, finishReason, usage } = completion
  const thought = reasoning === undefined ? {} : { reasoning_content: reasoning }
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          ...(toolCalls === undefined
            ? { role: 'assistant', content }
            : toolCallMessage(toolCalls)),
          ...thought,
          refusal: null,
        },
        finish_reason: finishReason,
      },
    ],
    usage,
  }
}

/** One event of a streamed completion. */
export function chatChunk(
  completion: Pick<Completion, 'id' | 'created' | 'model'>,
  delta: Readonly<Record<string, unknown>>,
  finishReason: FinishReason | null,
) {
  const { id, created, model } = completion
  return {
    id,
    object: 'chat.completion.chunk',
    created,
    model,
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  }
}

/** OpenAI's error body. */
export function errorBody(message: string, type: string, code: string) {
  return { error: { message, type, param: null, code } }
}

/** The answer of `/v1/models`. */
export function modelList(model: string, created: number) {
  return {
    object: 'list',
    data: [{ id: model, object: 'model', created, owned_by: 'llmtrace-bench' }],
  }
}
