import { monotonicClock } from '../engine/monotonic-clock.ts'
import type { JudgeSetup } from '../engine/judging.ts'
import type { Prompt } from '../model/prompt.ts'
import type { RunHead } from '../model/run-record.ts'
import type { RunOptions } from '../options/run-options.ts'
import { redactUrl } from '../results/redact.ts'
import type { Io } from './io.ts'
import { clientFor } from './open-transport.ts'
import { identifyRequests } from '../library/identify-requests.ts'
import { planOf, settingsOf, specOf } from './plan-run.ts'
import { prepareRequests } from './prepare-requests.ts'
import { choosePrompts } from './select-prompts.ts'
import { workerCountOf } from './start-client-workers.ts'
import { readVersion } from '../library/version.ts'

export interface PreparedRun {
  readonly prompts: readonly Prompt[]
  /** With the URLs as they are. */
  readonly head: RunHead
  /** With the URLs as they may be shown. */
  readonly publicHead: RunHead
  readonly requestsOf: ReturnType<typeof prepareRequests>
  /** What replies are judged by; undefined where they are not to be. */
  readonly judging: JudgeSetup | undefined
  /** Which prompts, as the preamble tells it. */
  readonly description: string | undefined
}

/** Everything that is known before the first request. Throws UsageError for prompts that cannot be had. */
export async function prepareRun(options: RunOptions, io: Io): Promise<PreparedRun> {
  const { prompts, description, dataset } = await choosePrompts(options, io.workingDirectory)
  const spec = specOf(options)
  const startedAt = new Date().toISOString()
  const traceKey = options.traceparent ? `${startedAt}/${options.seed}` : undefined
  const plan = { ...planOf(options, prompts.length), traceKey }
  const requestsOf = prepareRequests(options, prompts, spec)
  const [first] = plan.endpoints
  const head: RunHead = {
    tool: { name: 'llmtrace-bench', version: await readVersion() },
    startedAt,
    clockZeroAt: Date.now() - monotonicClock.now(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    client: clientFor(options),
    clientWorkers: workerCountOf(options, plan),
    plan,
    spec,
    hasToken: options.token !== undefined || options.endpointToken.length > 0,
    agentId: options.agentId,
    dataset,
    request: identifyRequests(prompts, first === undefined ? [] : requestsOf(first)),
    promptLabels: dataset && prompts.map(({ label }) => label ?? null),
    settings: settingsOf(options),
  }
  const endpoints = plan.endpoints.map((one) => ({ ...one, url: redactUrl(one.url) }))
  return {
    prompts,
    head,
    publicHead: { ...head, plan: { ...plan, endpoints } },
    requestsOf,
    judging: options.noVerdicts
      ? undefined
      : {
          model: spec.model,
          prompts: prompts.map(({ text }) => text),
          blockedWhen: options.blockedWhen,
        },
    description,
  }
}
