import type { Detection } from '../model/detection.ts'
import type { GateVerdict } from '../model/gate.ts'
import type { Page, PageCase } from '../model/page.ts'
import { checkedFile, markedJson } from './checked-file.ts'
import { PROBE_VERSION } from './probe-file.ts'
import { PROBE_SCHEMA } from './probe-schema.ts'

export type ProbePage = Page & Required<Pick<Page, 'probe'>>

/**
 * Reads a probe back into what a page is made of; undefined where the text is no file of a probe. Throws UsageError,
 * naming `path`, where it is a damaged one.
 */
export function readProbeFile(path: string, text: string): ProbePage | undefined {
  const value = markedJson(text, 'probe_version')
  if (value === undefined) return undefined
  const kind = { key: 'probe_version', newest: PROBE_VERSION }
  const file = checkedFile(path, value, { ...kind, schema: PROBE_SCHEMA })
  const { spec, headers, run } = file
  return {
    head: {
      tool: file.tool,
      startedAt: run.started_at,
      endpoints: file.endpoints,
      spec: {
        model: spec.model,
        ...(spec.system === undefined ? {} : { system: spec.system }),
        ...(spec.temperature === undefined ? {} : { temperature: spec.temperature }),
        ...(spec.max_tokens === undefined ? {} : { maxTokens: spec.max_tokens }),
      },
      hasToken: headers.has_token,
      agentId: headers.agent_id ?? undefined,
      partial: run.partial,
      plan: {},
      machine: {},
    },
    probe: {
      detection: file.detection as Detection | undefined,
      gates: file.gates as unknown as GateVerdict[],
      cases: file.cases.map((one) => caseOf(one)),
    },
  }
}

function caseOf(one: ReturnType<typeof PROBE_SCHEMA.parse>['cases'][number]): PageCase {
  return {
    caseId: one.id,
    label: one.label,
    category: one.category,
    subcategory: one.subcategory,
    endpoint: one.endpoint,
    repeat: one.repeat,
    attempt: one.attempt,
    last: one.last,
    status: one.status,
    latencyMs: one.latency_ms,
    headMs: one.head_ms,
    verdict: one.verdict as PageCase['verdict'],
    preview: one.preview,
  }
}
