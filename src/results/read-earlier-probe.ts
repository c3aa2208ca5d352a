import type { Label } from '../model/prompt.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Verdict } from '../model/verdict.ts'
import { checkedFile, markedJson } from './checked-file.ts'
import { PROBE_VERSION } from './probe-file.ts'
import { PROBE_SCHEMA } from './probe-schema.ts'

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

/** Reads the verdicts of a probe's `--output-json`. Throws UsageError, naming flag and path, for anything else. */
export function readEarlierProbe(flag: string, path: string, text: string): SavedProbe {
  const value = markedJson(text, 'probe_version')
  if (value === undefined) {
    throw new UsageError(
      `${flag} ${path} is no probe's result; give a file that --mode probe wrote with --output-json`,
    )
  }
  const kind = { key: 'probe_version', newest: PROBE_VERSION, schema: PROBE_SCHEMA }
  const { endpoints, judged, run, cases } = checkedFile(`${flag} ${path}`, value, kind)
  const candidate = endpoints.find(({ baseline }) => !baseline) ?? endpoints[0]
  const endpoint = judged ?? candidate?.name
  return {
    startedAt: run.started_at,
    cases: cases
      .filter((one) => one.last && one.endpoint === endpoint)
      .map((one) => ({
        caseId: one.id,
        label: one.label,
        repeat: one.repeat,
        promptDigest: one.prompt_digest,
        verdict: { ...one.verdict, detected: one.verdict.detected } as Verdict,
      })),
  }
}
