import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { Action, ExchangeRecord, Finding } from './exchange-record.ts'
import type { Verdict } from './guard.ts'
import { redactText } from './redact-text.ts'
import type { AnswerText } from './response/answer-text.ts'
import { scoreOf } from './score.ts'
import type { ReadRequest } from './text/segments.ts'
import type { TraceContext } from './trace-context.ts'

/** Texts of a record are cut to this. */
const MOST_TEXT = 65_536

/** What is known of an exchange while it goes on. */
export class ExchangeState {
  readonly trace: TraceContext
  readonly startedAt = Date.now()
  private readonly receivedAt = performance.now()
  private forwardedAt: number | undefined
  private headAt: number | undefined
  private firstTokenAt: number | undefined
  analysisMs: number | undefined
  request: ReadRequest | undefined
  answer: AnswerText | undefined
  action: Action = 'allow'
  blockedStage: 'request' | 'response' | undefined
  findings: readonly Finding[] = []
  error: string | undefined

  private late = 0
  private whenSettled: (() => void) | undefined

  constructor(trace: TraceContext) {
    this.trace = trace
  }

  /** An analysis goes on although the answer is out. */
  beginLate(): void {
    this.late += 1
  }

  endLate(): void {
    this.late -= 1
    if (this.late === 0) this.whenSettled?.()
  }

  /** Calls back once no analysis goes on; perhaps at once. */
  settled(then: () => void): void {
    if (this.late === 0) then()
    else this.whenSettled = then
  }

  forwarded(): void {
    this.forwardedAt = performance.now()
  }

  headArrived(): void {
    this.headAt ??= performance.now()
  }

  firstTokenArrived(): void {
    this.firstTokenAt ??= performance.now()
  }

  /** Takes the verdict of one stage: findings add up, and the stricter action holds. */
  take({ action, findings, error }: Verdict, stage: 'request' | 'response'): void {
    this.findings = [...this.findings, ...findings]
    this.error ??= error
    if (action === 'block' && this.action !== 'block') this.blockedStage = stage
    if (action === 'block' || (action === 'flag' && this.action === 'allow')) this.action = action
  }

  /** The record, when the exchange has ended. Texts are redacted here, and not earlier: it takes time. */
  record(request: IncomingMessage, response: ServerResponse, storeRaw: boolean): ExchangeRecord {
    const { trace, forwardedAt, headAt, firstTokenAt } = this
    const since = (at: number | undefined) =>
      at === undefined || forwardedAt === undefined ? undefined : at - forwardedAt
    const shown = (text: string) => (storeRaw ? text : redactText(text)).slice(0, MOST_TEXT)
    const prompt = this.request?.segments.map(({ role, text }) => `${role}: ${text}`).join('\n')
    const answer = this.answer?.texts.join('\n')
    return {
      traceId: trace.traceId,
      spanId: trace.spanId,
      parentSpanId: trace.parentSpanId,
      tenantId: trace.tenantId,
      agentId: trace.agentId,
      startedAt: this.startedAt,
      durationMs: performance.now() - this.receivedAt,
      analysisMs: this.analysisMs,
      upstreamMs: since(headAt),
      timeToFirstTokenMs: since(firstTokenAt),
      method: request.method ?? 'GET',
      path: (request.url ?? '').split('?')[0] ?? '',
      model: this.request?.model,
      stream: this.request?.stream ?? false,
      status: response.headersSent ? response.statusCode : undefined,
      action: this.action,
      blockedStage: this.blockedStage,
      score: scoreOf(this.findings),
      findings: this.findings,
      prompt:
        prompt === undefined || prompt === '' ? undefined : shown(prompt.slice(0, 2 * MOST_TEXT)),
      response: answer === undefined || answer === '' ? undefined : shown(answer),
      promptTokens: this.answer?.facts.promptTokens,
      completionTokens: this.answer?.facts.completionTokens,
      error: this.error,
    }
  }
}
