import { z } from 'zod'
import type { Label } from '../model/prompt.ts'
import { UsageError } from '../model/usage-error.ts'
import { EVIDENCE_KINDS, UNDECIDED_REASONS, type Verdict } from '../model/verdict.ts'
import { PROBE_VERSION } from './probe-file.ts'

/** A case of a saved probe at the endpoint that was judged. */
export interface SavedCase {
  readonly caseId: string
  readonly label: Label | undefined
  /** From 1. */
  readonly repeat: number
  readonly verdict: Verdict
  /** Absent in files from before it was kept. */
  readonly promptDigest: string | undefined
}

export interface SavedProbe {
  readonly startedAt: string
  readonly cases: readonly SavedCase[]
}

const grounds = {
  rule: z.string(),
  evidence: z.array(
    z.object({ kind: z.enum(EVIDENCE_KINDS), field: z.string(), quote: z.string() }),
  ),
  modelRefused: z.boolean(),
  detected: z.boolean().optional(),
}

const verdict = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['allowed', 'flagged', 'modified']), ...grounds }),
  z.object({
    kind: z.literal('blocked'),
    stage: z.enum(['request', 'response']),
    by: z.enum(['proxy', 'provider']),
    ...grounds,
  }),
  z.object({ kind: z.literal('undecided'), reason: z.enum(UNDECIDED_REASONS), ...grounds }),
])

/** What is read of a file, of this version or the first; keys that are not named here are passed over. */
const file = z.object({
  probe_version: z.number().int(),
  run: z.object({ started_at: z.string() }),
  endpoints: z.array(z.object({ name: z.string(), baseline: z.boolean() })),
  judged: z.string().optional(),
  cases: z.array(
    z.object({
      id: z.string(),
      label: z.enum(['benign', 'malicious']).optional(),
      endpoint: z.string(),
      repeat: z.number().int().min(1).default(1),
      last: z.boolean(),
      prompt_digest: z.string().optional(),
      verdict,
    }),
  ),
})

/** Reads a file of `--output-json` of a probe. Throws UsageError, naming flag and path, for anything else. */
export function readProbeFile(flag: string, path: string, text: string): SavedProbe {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UsageError(
      `${flag} ${path} is no JSON; give a file that a probe's --output-json wrote`,
    )
  }
  const version = (value as { probe_version?: unknown } | null)?.probe_version
  if (typeof version !== 'number') {
    throw new UsageError(
      `${flag} ${path} is no probe's result; give a file that --mode probe wrote with --output-json`,
    )
  }
  if (version > PROBE_VERSION) {
    throw new UsageError(
      `${flag} ${path} has probe_version ${version}, and this program reads up to ${PROBE_VERSION}; use a newer llmtrace-bench`,
    )
  }
  const read = file.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new UsageError(
      `${flag} ${path} is damaged: ${issue?.path.join('.')}: ${issue?.message}; write it again with --output-json`,
    )
  }
  return savedProbeOf(read.data)
}

function savedProbeOf({ run, endpoints, judged, cases }: z.infer<typeof file>): SavedProbe {
  const before = endpoints.find(({ baseline }) => !baseline) ?? endpoints[0]
  const endpoint = judged ?? before?.name
  return {
    startedAt: run.started_at,
    cases: cases
      .filter((one) => one.last && one.endpoint === endpoint)
      .map(({ id, label, repeat, prompt_digest, verdict: found }) => ({
        caseId: id,
        label,
        repeat,
        promptDigest: prompt_digest,
        verdict: { ...found, detected: found.detected } satisfies Verdict,
      })),
  }
}
