import type { Detection } from '../model/detection.ts'
import type { GateVerdict } from '../model/gate.ts'
import type { Page, PageCase } from '../model/page.ts'
import { checkedFile } from './checked-file.ts'
import { PROBE_VERSION } from './probe-file.ts'
import { PROBE_SCHEMA } from './probe-schema.ts'

/** Whether this is what `--output-json` writes in probe mode. */
export function isProbeFile(value: object): boolean {
  return 'probe_version' in value
}

/** Reads a probe back into what a page and its tables are made of. Throws UsageError, naming `path`. */
export function readProbeFile(path: string, value: object): Page & Required<Pick<Page, 'probe'>> {
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
    attempt: one.attempt,
    last: one.last,
    status: one.status,
    latencyMs: one.latency_ms,
    verdict: one.verdict as PageCase['verdict'],
    preview: one.preview,
  }
}
