import { type ProbeArm, runProbe } from '../../engine/run-probe.ts'
import type { Endpoint } from '../../model/endpoint.ts'
import type { ProbeAttempt, ProbeTurn } from '../../model/probe.ts'
import type { Prompt } from '../../model/prompt.ts'
import type { RunOptions } from '../../options/run-options.ts'
import { classify } from '../../verdict/classify.ts'
import { replyOf } from '../../library/reply-of.ts'
import type { JudgeOptions } from '../judge-attempts.ts'
import { openTransport } from '../open-transport.ts'
import type { PreparedRun } from '../prepare-run.ts'
import { retryPauseMs } from './retry-pause.ts'

/** All attempts of a case in one repeat, at all endpoints. */
export interface SentCase {
  /** In the order of the rows. */
  readonly place: number
  readonly prompt: Prompt
  readonly attempts: readonly ProbeAttempt[]
}

export type ExtraHeaders = (endpoint: string, turn: ProbeTurn) => readonly Header[]
type Header = readonly [name: string, value: string]

interface Sending {
  readonly judging: JudgeOptions
  readonly workers: number
  /** Headers of one request, in the place of what the user did not set. */
  readonly headersOf: ExtraHeaders
  readonly onCase: (sent: SentCase) => void
  readonly signal: AbortSignal
}

/** Sends every case to every endpoint; resolves when none is under way. */
export async function sendCases(
  options: RunOptions,
  prepared: PreparedRun,
  { judging, workers, headersOf, onCase, signal }: Sending,
): Promise<void> {
  const { head, prompts } = prepared
  const arms = head.plan.endpoints.map((endpoint): ProbeArm => ({
    endpoint: endpoint.name,
    transport: openTransport(options, new URL(endpoint.url), workers),
    requestOf: requestsWith(endpoint, prepared, headersOf),
  }))
  await runProbe({
    cases: prompts.length,
    repeats: options.repeat,
    workers,
    arms,
    again: (attempt) => {
      const prompt = prompts[attempt.caseIndex]
      if (prompt === undefined || attempt.attempt > options.retries) return undefined
      if (attempt.exchange.outcome === 'ok') return undefined
      // A block is an answer, and is never asked for twice.
      const facts = { model: head.spec.model, prompt: prompt.text }
      const { kind } = classify(replyOf(attempt.exchange), facts, judging)
      return kind === 'blocked' ? undefined : retryPauseMs(attempt, Date.now())
    },
    onCase: (place, attempts) => {
      const prompt = prompts[place % prompts.length]
      if (prompt !== undefined) onCase({ place, prompt, attempts })
    },
    signal,
  }).finally(() => Promise.all(arms.map(({ transport }) => transport.close())))
}

function requestsWith(
  endpoint: Endpoint,
  { requestsOf }: PreparedRun,
  headersOf: ExtraHeaders,
): ProbeArm['requestOf'] {
  const requests = requestsOf(endpoint)
  return (turn) => {
    const request = requests[turn.caseIndex]
    if (request === undefined) throw new Error(`no request for case ${turn.caseIndex}`)
    const extra = headersOf(endpoint.name, turn)
    return { ...request, headers: mergeHeaders(request.headers, extra) }
  }
}

/** Ours of one name in the place of those that stood for all requests. */
function mergeHeaders(given: readonly Header[], extra: readonly Header[]): readonly Header[] {
  const names = new Set(extra.map(([name]) => name.toLowerCase()))
  return [...given.filter(([name]) => !names.has(name.toLowerCase())), ...extra]
}
