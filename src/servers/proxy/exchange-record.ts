/** How bad a finding is, mildest first; LLMTrace's words. */
export const SEVERITIES = ['Info', 'Low', 'Medium', 'High', 'Critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** What a detector reported about a prompt or an answer. */
export interface Finding {
  /** Kind of attack or leak, such as `prompt_injection` or `pii_detected`. */
  readonly type: string
  readonly severity: Severity
  /** 0 to 1. */
  readonly confidence: number
  /** One sentence for people; quotes nothing that is secret. */
  readonly description: string
  /** The rule that fired, such as `override/ignore-previous`. */
  readonly rule: string
  /** Where: `request.messages[2]`, `response`, or with `via base64` for what was decoded first. */
  readonly location: string
  /** The words that matched, redacted, on one line, at most 160 characters. */
  readonly evidence: string
}

/** What the proxy did: let through, let through with a mark, refused, or cut off within the answer. */
export type Action = 'allow' | 'flag' | 'block'

/** What the proxy keeps of one exchange, written when it has ended; blocked ones too. Texts are redacted already. */
export interface ExchangeRecord {
  /** 32 hexadecimal digits, W3C trace context's; the client's own where it sent one. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
  /** The client's span, from `traceparent`. */
  readonly parentSpanId: string | undefined
  readonly tenantId: string | undefined
  readonly agentId: string | undefined
  /** Epoch, ms. */
  readonly startedAt: number
  /** From the request's head to the last byte of the answer, ms. */
  readonly durationMs: number
  /** Time spent on detectors before forwarding, ms; undefined where nothing was analysed then. */
  readonly analysisMs: number | undefined
  /** From forwarding to the upstream's response head, ms; undefined where nothing was forwarded. */
  readonly upstreamMs: number | undefined
  /** From forwarding to the first streamed content, ms. */
  readonly timeToFirstTokenMs: number | undefined
  readonly method: string
  readonly path: string
  readonly model: string | undefined
  readonly stream: boolean
  /** What the client got; undefined where it left before. */
  readonly status: number | undefined
  readonly action: Action
  /** Where a block happened; undefined where none did. */
  readonly blockedStage: 'request' | 'response' | undefined
  /** 0 to 100; undefined without findings. */
  readonly score: number | undefined
  readonly findings: readonly Finding[]
  /** Messages as `role: text`, at most 64 KiB. */
  readonly prompt: string | undefined
  /** The answer's text, at most 64 KiB. */
  readonly response: string | undefined
  readonly promptTokens: number | undefined
  readonly completionTokens: number | undefined
  /** Such as `upstream_unavailable`, or why an analysis did not finish. */
  readonly error: string | undefined
}

/** Takes records off the request path: the store, the exporters, the metrics. Never throws, never waits. */
export type RecordSink = (record: ExchangeRecord) => void
