import { detect } from './detection.ts'
import { disagreementOf } from './disagreement.ts'
import { judgeGates } from './gates.ts'
import { judgeCase } from './judged-case.ts'
import { latencyByOutcome } from './probe-latency.ts'
import { compareVerdicts } from './verdict-comparison.ts'
import type { JudgedCase } from '../model/detection.ts'
import type { Endpoint } from '../model/endpoint.ts'
import type { Gate } from '../model/gate.ts'
import type { AgainstRun, ProbeAnalysis } from '../model/probe-analysis.ts'
import { countedRows, type ProbedCase } from '../model/probe.ts'
import type { Prompt } from '../model/prompt.ts'

/** The cases of a saved run, as far as they are this run's. */
export interface EarlierRun extends Omit<AgainstRun, 'comparison'> {
  readonly cases: readonly JudgedCase[]
}

export interface ProbeInput {
  readonly probed: readonly ProbedCase[]
  readonly prompts: readonly Prompt[]
  readonly endpoints: readonly Endpoint[]
  readonly temperature: number
  /** Whether the prompts are a dataset's, with labels that are the truth. */
  readonly labelled: boolean
  readonly gates: readonly Gate[]
  readonly earlier: EarlierRun | undefined
}

/** Everything that a probe gives: a pure function of its attempts. */
export function analyseProbe(input: ProbeInput): ProbeAnalysis {
  const { probed, prompts, endpoints, temperature, labelled, gates, earlier } = input
  const candidate = judgedEndpoint(endpoints)
  const baseline = baselineEndpoint(endpoints)
  const cases = judgedCases(probed, prompts, candidate)
  const detection = labelled ? detect(cases) : undefined
  return {
    detection,
    gates: judgeGates(gates, detection ?? detect([])),
    latency: latencyByOutcome(probed),
    disagreement:
      baseline === undefined
        ? undefined
        : disagreementOf(probed, { baseline, candidate, temperature }),
    against: earlier && compareWith(earlier, cases),
  }
}

/** What stands before the model: the first endpoint that is not the baseline, or the only one. */
export function judgedEndpoint(endpoints: readonly Endpoint[]): string {
  return (endpoints.find((one) => !one.baseline) ?? endpoints[0])?.name ?? ''
}

/** The endpoint without the proxy, where there are several. */
export function baselineEndpoint(endpoints: readonly Endpoint[]): string | undefined {
  return endpoints.length > 1 ? endpoints.find((one) => one.baseline)?.name : undefined
}

function judgedCases(
  probed: readonly ProbedCase[],
  prompts: readonly Prompt[],
  judged: string,
): JudgedCase[] {
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]))
  return countedRows(probed).flatMap(({ caseId, endpoint, verdict, repeat }) => {
    const prompt = byId.get(caseId)
    return endpoint !== judged || prompt === undefined
      ? []
      : (judgeCase(prompt, verdict, repeat - 1) ?? [])
  })
}

function compareWith({ cases, ...run }: EarlierRun, now: readonly JudgedCase[]): AgainstRun {
  const known = new Set(cases.map(({ caseId }) => caseId))
  const same = now.filter(({ caseId }) => known.has(caseId))
  return { ...run, comparison: compareVerdicts(cases, same) }
}
