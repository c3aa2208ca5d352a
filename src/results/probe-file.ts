import type { Estimate } from '../model/estimate.ts'
import type { EvidenceNotes } from '../model/late-evidence.ts'
import type { ProbeAnalysis } from '../model/probe-analysis.ts'
import type { ProbedCase } from '../model/probe.ts'
import type { RunHead } from '../model/run-record.ts'
import { probeRowJson, rounded } from './probe-outputs/probe-row.ts'

/** Raised when a reader of an older version could misread a file; 2 brought repeats, so that an id may occur again. */
export const PROBE_VERSION = 2

export interface ProbeOutcome {
  readonly judged: string
  readonly repeats: number
  readonly probed: readonly ProbedCase[]
  readonly analysis: ProbeAnalysis
  readonly evidence: EvidenceNotes
  readonly partial: boolean
}

/** The object that `--output-json` writes in probe mode. */
export function buildProbeResult(head: RunHead, outcome: ProbeOutcome) {
  const { spec, plan } = head
  const { judged, repeats, probed, analysis, evidence, partial } = outcome
  const { detection, gates, latency, disagreement, against } = analysis
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
    dataset: head.dataset ?? null,
    endpoints: plan.endpoints.map(({ name, url, baseline }) => ({ name, url, baseline })),
    judged,
    run: { started_at: head.startedAt, repeats, partial },
    ...(evidence.upstreamLog === undefined ? {} : { upstream_log: evidence.upstreamLog }),
    ...(evidence.findings === undefined ? {} : { findings: evidence.findings }),
    ...(detection === undefined ? {} : { detection }),
    gates,
    latency: latency.map(({ endpoint, outcome: kind, n, p50, p95 }) => ({
      endpoint,
      outcome: kind,
      n,
      p50_ms: rounding(p50),
      p95_ms: rounding(p95),
    })),
    ...(disagreement === undefined ? {} : { disagreement }),
    ...(against === undefined ? {} : { against }),
    cases: probed.map((one) => probeRowJson(one)),
  }
}

function rounding({ value }: Estimate): number | undefined {
  return value === undefined ? undefined : rounded(value)
}
