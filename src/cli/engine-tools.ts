import { monotonicClock } from '../engine/monotonic-clock.ts'
import type { RunContext } from '../engine/run-plan.ts'
import type { RunOptions } from '../options/run-options.ts'
import { createRedactor } from '../results/redact.ts'
import { randomStreams } from '../schedule/random-streams.ts'
import { createLoadJudge } from '../library/load-judge.ts'
import { openTransport } from './open-transport.ts'
import { secretsOf } from './prepare-requests.ts'
import type { PreparedRun } from './prepare-run.ts'

type Tools = Pick<
  RunContext,
  'createTransport' | 'requestsOf' | 'createRandom' | 'redact' | 'now' | 'judge'
>

/** What the engine needs to send, whatever is done with the samples. */
export function engineTools(
  options: RunOptions,
  { head, requestsOf, judging }: PreparedRun,
): Tools {
  return {
    createTransport: ({ url }, { concurrency }) =>
      openTransport(options, new URL(url), concurrency),
    requestsOf,
    createRandom: randomStreams(head.plan.seed),
    redact: createRedactor(secretsOf(options)),
    now: () => monotonicClock.now(),
    judge: judging && createLoadJudge(judging),
  }
}
