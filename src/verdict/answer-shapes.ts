import { contentText } from '../wire/chat-request.ts'
import {
  isRecord,
  type JsonRecord,
  listAt,
  numberAt,
  recordAt,
  textAt,
  valueAt,
} from '../wire/json.ts'
import type { AnswerPart, AnswerUsage } from './answer.ts'

type Shape = (object: JsonRecord) => AnswerPart | undefined

/** Chat completions of OpenAI and of all who speak like it, whole or as chunks; fields may be missing. */
const chat: Shape = (object) => {
  if (!Array.isArray(object['choices'])) return undefined
  const choices = listAt(object, 'choices').filter((choice) => isRecord(choice))
  const messages = choices.map((choice) => recordAt(choice, 'message') ?? recordAt(choice, 'delta'))
  const join = (of: (message: JsonRecord | undefined) => string) => messages.map(of).join('')
  return {
    content:
      join((message) => contentText(message?.['content'])) +
      choices.map((choice) => textAt(choice, 'text')).join(''),
    refusal: join((message) => textAt(message, 'refusal')),
    reasoning: join(
      (message) => textAt(message, 'reasoning') || textAt(message, 'reasoning_content'),
    ),
    callsTools: messages.some((message) => listAt(message, 'tool_calls').length > 0),
    finishReasons: texts(choices.map((choice) => valueAt(choice, 'finish_reason'))),
    usage: usageOf(recordAt(object, 'usage')),
  }
}

/** OpenAI's responses, whole or as events. An event with the whole response in it repeats what came before. */
const responses: Shape = (object) => {
  const type = textAt(object, 'type')
  if (type.startsWith('response.')) {
    const delta = textAt(object, 'delta')
    return {
      content: type === 'response.output_text.delta' ? delta : '',
      refusal: type === 'response.refusal.delta' ? delta : '',
      finishReasons: endOfResponse(recordAt(object, 'response')),
      usage: usageOf(recordAt(object, 'response', 'usage')),
    }
  }
  if (object['object'] !== 'response') return undefined
  const output = listAt(object, 'output')
  const content = output.flatMap((item) => listAt(item, 'content'))
  return {
    content: content.map((part) => textAt(part, 'text')).join(''),
    refusal: content.map((part) => textAt(part, 'refusal')).join(''),
    callsTools: output.some((item) => textAt(item, 'type') === 'function_call'),
    finishReasons: endOfResponse(object),
    usage: usageOf(recordAt(object, 'usage')),
  }
}

function endOfResponse(response: JsonRecord | undefined): string[] {
  const reason = textAt(response, 'incomplete_details', 'reason')
  return texts([reason || (response?.['status'] === 'completed' ? 'completed' : '')])
}

/** Anthropic's messages, whole or as events; also what Bedrock's InvokeModel gives for its models. */
const anthropic: Shape = (object) => {
  switch (object['type']) {
    case 'message': {
      const content = listAt(object, 'content')
      return {
        content: content.map((block) => textAt(block, 'text')).join(''),
        reasoning: content.map((block) => textAt(block, 'thinking')).join(''),
        callsTools: content.some((block) => textAt(block, 'type') === 'tool_use'),
        finishReasons: texts([object['stop_reason']]),
        usage: usageOf(recordAt(object, 'usage')),
      }
    }
    case 'content_block_delta':
      return {
        content: textAt(object, 'delta', 'text'),
        reasoning: textAt(object, 'delta', 'thinking'),
      }
    case 'message_delta':
      return {
        finishReasons: texts([valueAt(object, 'delta', 'stop_reason')]),
        usage: usageOf(recordAt(object, 'usage')),
      }
    default:
      return undefined
  }
}

const gemini: Shape = (object) => {
  if (!Array.isArray(object['candidates']) && !isRecord(object['promptFeedback'])) return undefined
  const candidates = listAt(object, 'candidates')
  const parts = candidates.flatMap((candidate) => listAt(candidate, 'content', 'parts'))
  const counted = recordAt(object, 'usageMetadata')
  return {
    content: parts.map((part) => textAt(part, 'text')).join(''),
    callsTools: parts.some((part) => recordAt(part, 'functionCall') !== undefined),
    finishReasons: texts(candidates.map((candidate) => valueAt(candidate, 'finishReason'))),
    usage: counted && {
      prompt: numberAt(counted, 'promptTokenCount'),
      completion: numberAt(counted, 'candidatesTokenCount'),
      reasoning: numberAt(counted, 'thoughtsTokenCount'),
    },
  }
}

/** Bedrock's Converse, whole or as events, and the bodies that InvokeModel gives for Amazon's and Meta's models. */
const bedrock: Shape = (object) => {
  const message = recordAt(object, 'output', 'message')
  const delta = recordAt(object, 'contentBlockDelta', 'delta')
  const stop = recordAt(object, 'messageStop')
  const invoked = 'amazon-bedrock-guardrailAction' in object
  if (!message && !delta && !stop && !invoked && typeof object['stopReason'] !== 'string') {
    return undefined
  }
  return {
    content: [
      ...listAt(message, 'content').map((block) => textAt(block, 'text')),
      textAt(delta, 'text'),
      ...listAt(object, 'results').map((result) => textAt(result, 'outputText')),
      textAt(object, 'generation'),
    ].join(''),
    finishReasons: texts([
      object['stopReason'],
      stop?.['stopReason'],
      valueAt(object, 'results', 0, 'completionReason'),
    ]),
    usage: usageOf(recordAt(object, 'usage')),
  }
}

export const ANSWER_SHAPES: readonly Shape[] = [chat, responses, anthropic, gemini, bedrock]

function texts(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string' && value !== '') as string[]
}

/** The names of OpenAI's chat, of its responses and Anthropic, and of Bedrock. */
function usageOf(usage: JsonRecord | undefined): AnswerUsage | undefined {
  if (usage === undefined) return undefined
  const first = (...keys: readonly string[]) =>
    keys.map((key) => numberAt(usage, key)).find((value) => value !== undefined)
  return {
    prompt: first('prompt_tokens', 'input_tokens', 'inputTokens'),
    completion: first('completion_tokens', 'output_tokens', 'outputTokens'),
    reasoning:
      numberAt(usage, 'completion_tokens_details', 'reasoning_tokens') ??
      numberAt(usage, 'output_tokens_details', 'reasoning_tokens'),
  }
}
