/** The truth about a prompt, from its dataset. */
export type Label = 'benign' | 'malicious'

/** A message as its dataset gives it; fields such as `tool_calls` are sent along. */
export interface PromptMessage {
  readonly role: string
  /** A string, a list of parts, or null beside tool calls. */
  readonly content?: unknown
  readonly [field: string]: unknown
}

/** One user message or conversation to send, with what its dataset says of it. */
export interface Prompt {
  readonly id: string
  /** What is sent, unless there are `messages`; then what the row is about, for people. */
  readonly text: string
  /** Absent for the single `--prompt` of a run without a dataset. */
  readonly label?: Label
  readonly category?: string
  readonly subcategory?: string
  /** Where the row comes from. */
  readonly source?: string
  /** 1 to 3, hardest last. */
  readonly difficulty?: number
  /** BCP 47, such as `en` or `pt-BR`. */
  readonly language?: string
  /** Shared by a malicious row and its benign twin. */
  readonly pairId?: string
  /** Why the label is what it is. */
  readonly rationale?: string
  /** Such as `LLM01:2025`. */
  readonly owasp?: readonly string[]
  /** Such as `AML.T0051.000`. */
  readonly atlas?: readonly string[]
  /** A whole conversation, sent as it is. */
  readonly messages?: readonly PromptMessage[]
  /** The completion token cap of this one, instead of the run's. */
  readonly maxTokens?: number
  /** What a proxy ought to do, where the label alone does not say. */
  readonly expect?: unknown
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Fields of the row that this program does not know. */
  readonly extra?: Readonly<Record<string, unknown>>
}
