import { chatChunk, chatCompletion, type Completion } from '../../../wire/chat-response.ts'
import { createUsage } from '../../../wire/usage.ts'
import type { Finding } from '../exchange-record.ts'

export interface Block {
  readonly findings: readonly Finding[]
  readonly stage: 'request' | 'response'
  readonly status: number
  readonly traceId: string
  readonly model: string | undefined
  readonly stream: boolean
}

export interface BlockAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** The whole answer to a blocked exchange: an error as OpenAI's clients know it, or with status 200 an empty completion. */
export function blockAnswer(block: Block): BlockAnswer {
  if (block.status === 200) return emptyCompletion(block)
  const { findings, stage } = block
  const [worst] = findings
  const told = findings.map(({ type, severity, confidence, description }) => {
    return { type, severity, confidence, description }
  })
  const error = {
    message: blockMessage(block),
    type: 'security_enforcement_blocked',
    param: stage === 'request' ? 'messages' : null,
    code: worst?.type ?? 'blocked',
    stage,
    findings: told,
  }
  return {
    status: block.status,
    contentType: 'application/json',
    body: JSON.stringify({ error, trace_id: block.traceId }),
  }
}

function blockMessage({ findings, stage }: Pick<Block, 'findings' | 'stage'>): string {
  const reasons = [
    ...new Set(findings.map(({ type, description }) => `${type}: ${description}`)),
  ].slice(0, 3)
  const what = stage === 'request' ? 'Request' : 'Response'
  return `${what} blocked by security enforcement: ${reasons.join('; ') || 'the analysis did not finish'}`
}

function emptyCompletion(block: Block): BlockAnswer {
  const completion: Completion = {
    ...heading(block),
    content: notice(block),
    finishReason: 'content_filter',
    usage: createUsage(0, 0),
  }
  if (block.stream) {
    return { status: 200, contentType: 'text/event-stream', body: stopEvents(block) }
  }
  return {
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify(chatCompletion(completion)),
  }
}

/** What ends a stream that is cut off: one chunk with the reason, and the end. */
export function stopEvents(block: Pick<Block, 'findings' | 'traceId' | 'model'>): string {
  const chunk = chatChunk(heading(block), { content: notice(block) }, 'content_filter')
  return `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`
}

function heading({ traceId, model }: Pick<Block, 'traceId' | 'model'>) {
  return {
    id: `chatcmpl-${traceId}`,
    created: Math.floor(Date.now() / 1000),
    model: model ?? 'unknown',
  }
}

/** LLMTrace's words, by which its clients know it. */
function notice({ findings }: Pick<Block, 'findings'>): string {
  const types = [...new Set(findings.map(({ type }) => type))].join(', ')
  return `[LLMTrace: Response terminated by security enforcement: ${types || 'analysis failed'}]`
}
