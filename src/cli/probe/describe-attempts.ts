import type { ProbeAttempt, ProbedCase } from '../../model/probe.ts'
import type { Prompt } from '../../model/prompt.ts'
import { shorten } from '../../report/probe-table.ts'
import { redactTexts } from '../../results/redact.ts'
import { answerOf, previewOf } from '../../verdict/preview.ts'
import { replyOf } from '../../library/reply-of.ts'
import { type JudgeOptions, judgeAttempts } from '../judge-attempts.ts'
import { digest, promptDigest } from './digest.ts'
import type { SentCase } from './send-cases.ts'

/** Longest preview that is kept. */
const KEPT_PREVIEW = 400

export interface Describing {
  readonly model: string
  readonly judging: JudgeOptions
  readonly redact: (text: string) => string
}

/** The attempts of a case with their verdicts, as they may be printed and kept. */
export function describeAttempts(
  { prompt, attempts }: SentCase,
  { model, judging, redact }: Describing,
): ProbedCase[] {
  const verdicts = judgeAttempts(attempts, { model, prompt: prompt.text }, judging)
  return attempts.flatMap((one, index): ProbedCase[] => {
    const verdict = verdicts[index]
    const last = attempts[index + 1]?.endpoint !== one.endpoint
    if (verdict === undefined) return []
    // Evidence quotes replies, and a careless gateway repeats the token in them.
    return [redactTexts({ ...describe(prompt, one, redact), last, verdict }, redact)]
  })
}

function describe(
  prompt: Prompt,
  { endpoint, repeat, attempt, exchange }: ProbeAttempt,
  redact: (text: string) => string,
): Omit<ProbedCase, 'verdict' | 'last'> {
  const reply = replyOf(exchange)
  const answer = answerOf(reply)
  const { sentAt, headersAt, endedAt, status } = exchange
  return {
    caseId: prompt.id,
    label: prompt.label,
    category: prompt.category,
    subcategory: prompt.subcategory,
    endpoint,
    repeat,
    attempt,
    status,
    latencyMs: endedAt - sentAt,
    headMs: headersAt === undefined ? undefined : headersAt - sentAt,
    prompt: prompt.text,
    promptDigest: promptDigest(prompt),
    // Redacted before it is cut: half a secret would not be recognised.
    preview: shorten(redact(previewOf(reply)), KEPT_PREVIEW),
    answerDigest: answer === undefined ? undefined : digest(answer),
  }
}
