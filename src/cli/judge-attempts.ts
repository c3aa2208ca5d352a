import { replyOf } from '../library/reply-of.ts'
import type { ProbeAttempt } from '../model/probe.ts'
import type { UpstreamEvidence } from '../model/upstream-evidence.ts'
import type { Verdict } from '../model/verdict.ts'
import { classify } from '../verdict/classify.ts'
import type { RequestFacts } from '../verdict/reply.ts'
import type { UserRule } from '../verdict/user-rules.ts'

export interface JudgeOptions {
  readonly rules: readonly UserRule[]
  /** The endpoint without the proxy, where there is one: its reply tells the model's refusal from the proxy's. */
  readonly baseline: string | undefined
  /** What the server behind the proxy says, once it has been asked. */
  readonly upstreamOf?: (attempt: ProbeAttempt) => UpstreamEvidence | undefined
}

/** The verdict of each attempt of a case. */
export function judgeAttempts(
  attempts: readonly ProbeAttempt[],
  request: RequestFacts,
  { rules, baseline, upstreamOf }: JudgeOptions,
): Verdict[] {
  const direct = attempts.findLast(({ endpoint }) => endpoint === baseline)
  return attempts.map((attempt) =>
    classify(replyOf(attempt.exchange), request, {
      rules,
      upstream: upstreamOf?.(attempt),
      direct:
        direct === undefined || attempt.endpoint === baseline
          ? undefined
          : replyOf(direct.exchange),
    }),
  )
}
