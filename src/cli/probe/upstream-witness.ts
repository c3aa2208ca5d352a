import type { UpstreamLogNote } from '../../model/late-evidence.ts'
import type { ProbeAttempt } from '../../model/probe.ts'
import type { UpstreamEvidence } from '../../model/upstream-evidence.ts'
import { SourceError } from '../../observability/fetch-json.ts'
import { matchUpstream, type SentRequest } from '../../observability/match-upstream.ts'
import { UpstreamLog } from '../../observability/upstream-log.ts'
import { redactUrl } from '../../results/redact.ts'
import type { RunOptions } from '../../options/run-options.ts'
import type { PreparedRun } from '../prepare-run.ts'
import { attemptKey, type ProbeIds } from './probe-ids.ts'
import type { SentCase } from './send-cases.ts'
import { promptFacts, sentMessages } from './sent-messages.ts'

const TIMEOUT_MS = 10_000

/** What the server behind the proxy says, once it has been asked. */
export interface UpstreamTestimony {
  readonly note: UpstreamLogNote
  readonly upstreamOf: (attempt: ProbeAttempt) => UpstreamEvidence | undefined
}

/** The log of `--upstream-log`. Whatever becomes of it is a note; the run goes on without. */
export class UpstreamWitness {
  private readonly log: UpstreamLog
  private readonly url: string
  private problem: string | undefined

  constructor(url: string, { insecure }: Pick<RunOptions, 'insecure'>) {
    this.log = new UpstreamLog(url, { headers: {}, timeoutMs: TIMEOUT_MS, insecure })
    this.url = redactUrl(url)
  }

  /** Call before the run. Gives what is wrong. */
  async open(): Promise<string | undefined> {
    try {
      await this.log.open()
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      this.problem = `--upstream-log ${this.url} cannot be used: ${error.message}`
    }
    return this.problem
  }

  /** Call after the run. The endpoint without the proxy is only there to be known by the log, and not judged by it. */
  async testify(
    sent: readonly SentCase[],
    { prepared, ids, baseline }: WitnessedRun,
  ): Promise<UpstreamTestimony> {
    const read = await this.log.read()
    const messagesOf = sentMessages(prepared)
    const requests = sent.flatMap(({ prompt, attempts }) => {
      const facts = promptFacts(messagesOf(prompt))
      return attempts.map((attempt): SentRequest => ({
        key: attemptKey({ ...attempt, caseId: prompt.id }),
        endpoint: attempt.endpoint,
        caseHeader: ids.caseHeader(prompt.id, attempt.endpoint, attempt),
        ...facts,
      }))
    })
    const { evidence, notes, ...counts } = matchUpstream(requests, read)
    const problems = this.problem === undefined ? [] : [this.problem]
    return {
      note: {
        url: this.url,
        entries: read.entries.length,
        ...counts,
        notes: this.problem === undefined ? notes : problems,
      },
      upstreamOf: (attempt) => {
        const caseId = prepared.prompts[attempt.caseIndex]?.id ?? ''
        return attempt.endpoint === baseline
          ? undefined
          : evidence.get(attemptKey({ ...attempt, caseId }))
      },
    }
  }
}

interface WitnessedRun {
  readonly prepared: PreparedRun
  readonly ids: ProbeIds
  readonly baseline: string | undefined
}
