import { analyseAnswer } from './analyse-answer.ts'
import { analyseRequest, malformed } from './analyse-request.ts'
import type { Action, Finding } from './exchange-record.ts'
import { runPaced } from './paced.ts'
import { decide, enforces, type Policy } from './policy.ts'
import type { RuleSet } from './rules/rule-set.ts'
import { plantedCanaries } from './text/canaries.ts'
import { type ReadRequest, readSegments } from './text/segments.ts'

export interface GuardOptions {
  readonly policy: Policy
  /** What becomes of an exchange whose analysis failed or took too long. */
  readonly onError: 'open' | 'closed'
  /** The longest that an analysis holds the event loop at a stretch, ms. */
  readonly budgetMs: number
  /** The longest that an analysis may take in all, ms. */
  readonly timeoutMs: number
  /** Larger bodies are refused. */
  readonly mostBodyBytes: number
  readonly blockStatus: number
  /** Texts that no answer may hold. */
  readonly canaries: readonly string[]
  /** Texts of records as they came, secrets and all. */
  readonly storeRaw: boolean
}

/** What came of an analysis. */
export interface Verdict {
  readonly action: Action
  readonly findings: readonly Finding[]
  /** Why the analysis did not finish; undefined where it did. */
  readonly error: string | undefined
}

/** Analyses requests and answers, and decides about them. Rules may be exchanged while it works. */
export class Guard {
  readonly options: GuardOptions
  readonly enforcing: boolean
  private rules: RuleSet

  constructor(options: GuardOptions, rules: RuleSet) {
    this.options = options
    this.rules = rules
    this.enforcing = enforces(options.policy)
  }

  get ruleSet(): RuleSet {
    return this.rules
  }

  /** From the next analysis on. */
  useRules(rules: RuleSet): void {
    this.rules = rules
  }

  /** Reads a body; undefined stands for one that cannot be unpacked. */
  read(body: string | undefined): ReadRequest {
    return body === undefined
      ? { model: undefined, stream: false, segments: [], problem: 'the body cannot be unpacked' }
      : readSegments(body)
  }

  /** What no answer to this request may hold. */
  canariesOf({ segments }: ReadRequest): readonly string[] {
    const system = segments.filter(({ role }) => role === 'system')
    return [...this.options.canaries, ...system.flatMap(({ text }) => plantedCanaries(text))]
  }

  judgeRequest(request: ReadRequest, then: (verdict: Verdict) => void): void {
    this.judge(analyseRequest(request, this.rules), then)
  }

  judgeAnswer(
    texts: readonly string[],
    canaries: readonly string[],
    then: (verdict: Verdict) => void,
  ): void {
    this.judge(analyseAnswer(texts, canaries, this.rules), then)
  }

  /** An answer that could not be read whole, or not at all. */
  unread(problem: string): Verdict {
    return this.failed(malformed(problem).description)
  }

  private judge(steps: Generator<undefined, Finding[]>, then: (verdict: Verdict) => void): void {
    const { budgetMs, timeoutMs, policy } = this.options
    runPaced(steps, { sliceMs: budgetMs, limitMs: timeoutMs }, (result) => {
      if (result instanceof Error) then(this.failed(result.message))
      else then({ action: decide(result, policy).action, findings: result, error: undefined })
    })
  }

  private failed(error: string): Verdict {
    const closed = this.options.onError === 'closed' && this.enforcing
    return { action: closed ? 'block' : 'allow', findings: [], error }
  }
}
