export const TOOL_USES = ['off', 'auto', 'always'] as const

/** `always` makes the model call a tool for each question (`tool_choice: required`), so that each has two rounds. */
export type ToolUse = (typeof TOOL_USES)[number]

export interface ChatbotOptions {
  readonly host: string
  /** 0 for a free one. */
  readonly port: number
  /** Server of the model or of the proxy before it; `/v1/chat/completions` is put behind it unless it ends so. */
  readonly upstream: string
  readonly system: string
  readonly toolUse: ToolUse
  /** Rounds of tool calls for one question; after the last, tools are offered no more. */
  readonly maxToolRounds: number
  /** Messages of a session that are sent along, the newest. */
  readonly memoryMessages: number
  /** Sessions kept; the one unused for longest goes first. */
  readonly maxSessions: number
  /** Longest silence of the upstream, ms. */
  readonly upstreamTimeoutMs: number
  readonly maxBodyBytes: number
}

export const CHATBOT_DEFAULTS: Omit<ChatbotOptions, 'upstream'> = {
  host: '127.0.0.1',
  port: 0,
  system: 'You are the assistant of a shop. Answer briefly.',
  toolUse: 'off',
  maxToolRounds: 1,
  memoryMessages: 20,
  maxSessions: 10_000,
  upstreamTimeoutMs: 300_000,
  maxBodyBytes: 1024 * 1024,
}
