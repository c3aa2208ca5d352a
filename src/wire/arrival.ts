import { type ChatRequest, lastUserText } from './chat-request.ts'
import { AGENT_ID_HEADER, CASE_ID_HEADER } from './headers.ts'
import { fingerprint, promptHash } from './prompt-hash.ts'

/**
 * What a server of ours saw of one request: the simulator, or the tap before a model. Both serve it in this shape, so
 * that whoever asks "did this case reach the model, and unchanged?" need not know which of them it asks. What did not
 * happen, or what a server cannot know, is absent. Instants are ms since the server started. Never holds the
 * Authorization header.
 */
export interface Arrival extends Partial<PromptMarks> {
  /** From 1, in the order of arrival. */
  readonly sequence: number
  /** Arrival of the request's head. */
  readonly at: number
  /** The same by the clock of the machine: ISO 8601, UTC. */
  readonly arrivedAt: string
  readonly method: string
  /** Without its query, which may hold a key. */
  readonly path: string
  readonly caseId: string | undefined
  readonly agentId: string | undefined
  /** Bytes of the request's body. */
  requestBytes?: number
  /** Sent to the client. */
  status?: number | undefined
  /** The simulator's fault that befell it. */
  fault?: string | undefined
  /** Id of the row whose directed answer the simulator gave. */
  directed?: string
  queueMs?: number
  serviceMs?: number
  /** A stream's first event with tokens was handed to the socket: the truth that a client's TTFT is held against. */
  firstTokenAt?: number
  lastTokenAt?: number
  /** Tokens that were sent, reasoning included. */
  tokens?: number
  /** Events with tokens that were sent. */
  chunks?: number
  /** The tap, which reads no events: when the answer's first byte came. */
  firstByteAt?: number
  lastByteAt?: number
  /** Reads from the socket in which the answer came. */
  reads?: number
  /** Bytes of the answer's body that were handed to the socket. */
  answerBytes?: number
  /** The answer was whole, or its connection closed. */
  endedAt?: number
  /** The client went away before the answer was whole, or the answer was cut off. */
  aborted: boolean
  abortedAt?: number
}

/** What tells a prompt, without keeping it. */
export interface PromptMarks {
  model: string
  stream: boolean
  /** Of all messages: `promptHash`. */
  promptHash: string
  /** Of the last thing that the user said: `fingerprint`. */
  lastUserHash: string
  /** Its first 200 characters. */
  lastUserText: string
}

export function promptMarks({ model, stream, messages }: ChatRequest): PromptMarks {
  const text = lastUserText(messages)
  return {
    model,
    stream: stream === true,
    promptHash: promptHash(messages),
    lastUserHash: fingerprint(text),
    lastUserText: text.slice(0, 200),
  }
}

/** What node, or anyone, has of a request's head; header names in lower case. */
interface RequestHead {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** The arrival of a request whose head has come; nothing else of it is known yet. */
export function beginArrival(
  { method = 'GET', url = '/', headers }: RequestHead,
  sequence: number,
  { at, epochMs }: { readonly at: number; readonly epochMs: number },
): Arrival {
  const header = (name: string) => {
    const value = headers[name.toLowerCase()]
    return typeof value === 'string' ? value : value?.[0]
  }
  return {
    sequence,
    at,
    arrivedAt: new Date(epochMs).toISOString(),
    method,
    path: url.replace(/\?.*/s, ''),
    caseId: header(CASE_ID_HEADER),
    agentId: header(AGENT_ID_HEADER),
    aborted: false,
  }
}
