import type { FoundTrace } from '../model/findings.ts'

/** A request as far as a trace could know it. */
export interface TracedRequest {
  /** Of the attempt. */
  readonly key: string
  /** The id that was sent, and the one that came back. */
  readonly traceIds: readonly string[]
  /** Texts under which the prompt may be stored. */
  readonly prompts: readonly string[]
  /** A proxy that answered has a trace of it; one that blocked may have none. */
  readonly expected: boolean
}

export interface JoinedTraces {
  /** By the attempt's key. */
  readonly traces: ReadonlyMap<string, FoundTrace>
  readonly byTraceId: number
  readonly byPrompt: number
}

/**
 * Which trace is whose: by trace id, else by the prompt's text. Where several requests have the same prompt nobody knows
 * whose trace is whose; it does not matter where all of them say the same.
 */
export function joinTraces(
  requests: readonly TracedRequest[],
  traces: readonly FoundTrace[],
  isFound: (trace: FoundTrace) => boolean,
): JoinedTraces {
  const byId = new Map(traces.map((trace) => [trace.traceId.toLowerCase(), trace]))
  const joined = new Map<string, FoundTrace>()
  const taken = new Set<FoundTrace>()
  for (const { key, traceIds } of requests) {
    const trace = traceIds.map((id) => byId.get(id.toLowerCase())).find((one) => one !== undefined)
    if (trace === undefined) continue
    joined.set(key, trace)
    taken.add(trace)
  }
  const byTraceId = joined.size
  const rest = new Map<string, FoundTrace[]>()
  for (const trace of traces) {
    const prompt = trace.prompt.trim()
    if (taken.has(trace) || prompt === '') continue
    rest.set(prompt, [...(rest.get(prompt) ?? []), trace])
  }
  for (const { key, prompts, expected } of requests) {
    if (joined.has(key) || !expected) continue
    const alike = prompts.flatMap((prompt) => rest.get(prompt.trim()) ?? [])
    const [first] = alike
    const agreed = new Set(alike.map((trace) => isFound(trace))).size === 1
    if (first !== undefined && agreed) joined.set(key, first)
  }
  return { traces: joined, byTraceId, byPrompt: joined.size - byTraceId }
}

/** What LLMTrace makes of the worst finding where it gives no score. */
const SCORES: Readonly<Record<string, number>> = {
  critical: 95,
  high: 80,
  medium: 60,
  low: 30,
  info: 10,
}

/** Whether a trace counts as detected: it has findings, and they weigh enough. */
export function isDetected({ score, findings }: FoundTrace, minScore: number): boolean {
  if (findings.length === 0) return score !== undefined && score >= Math.max(1, minScore)
  const worst = Math.max(...findings.map(({ severity }) => SCORES[severity.toLowerCase()] ?? 10))
  return (score ?? worst) >= minScore
}
