import type { Detection } from '../model/detection.ts'
import type { GateVerdict } from '../model/gate.ts'
import type { ProbedCase } from '../model/probe.ts'
import type { RunHead } from '../model/run-record.ts'
import { blockedWord, expectedWord } from '../model/verdict.ts'

/** Raised when a reader of an older version could misread a file. */
export const PROBE_VERSION = 1

export interface ProbeOutcome {
  readonly probed: readonly ProbedCase[]
  /** Absent without a dataset: there is no truth to score against. */
  readonly detection: Detection | undefined
  readonly gates: readonly GateVerdict[]
  readonly partial: boolean
}

/** The object that `--output-json` writes in probe mode. */
export function buildProbeResult(
  head: RunHead,
  { probed, detection, gates, partial }: ProbeOutcome,
) {
  const { spec, plan } = head
  return {
    probe_version: PROBE_VERSION,
    tool: head.tool,
    spec: {
      model: spec.model,
      system: spec.system,
      temperature: spec.temperature,
      max_tokens: spec.maxTokens,
    },
    headers: { has_token: head.hasToken, agent_id: head.agentId ?? null },
    endpoints: plan.endpoints.map(({ name, url, baseline }) => ({ name, url, baseline })),
    run: { started_at: head.startedAt, partial },
    ...(detection === undefined ? {} : { detection }),
    gates,
    cases: probed.map((one) => ({
      id: one.caseId,
      ...(one.label === undefined ? {} : { label: one.label }),
      ...(one.category === undefined ? {} : { category: one.category }),
      ...(one.subcategory === undefined ? {} : { subcategory: one.subcategory }),
      endpoint: one.endpoint,
      attempt: one.attempt,
      last: one.last,
      ...(one.status === undefined ? {} : { status: one.status }),
      latency_ms: Number(one.latencyMs.toFixed(3)),
      blocked: blockedWord(one.verdict),
      expected: expectedWord(one.label),
      verdict: one.verdict,
      preview: one.preview,
    })),
  }
}
