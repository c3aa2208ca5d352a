import { countedRows, type ProbedCase } from '../../model/probe.ts'
import type { RunHead } from '../../model/run-record.ts'
import { blockedWord, expectedWord } from '../../model/verdict.ts'

/** Where a row of a dataset stands. */
export interface RowPlace {
  /** As from the working directory, with slashes. */
  readonly file: string
  /** From 1; undefined where the file was not searched. */
  readonly line: number | undefined
}

/** What a format makes a file of. */
export interface ProbeReport {
  readonly head: RunHead
  /** The endpoint that is judged: the first that is not the baseline, or the only one. */
  readonly judged: string
  readonly probed: readonly ProbedCase[]
  readonly partial: boolean
  /** Where a case's row stands; undefined without a dataset. */
  readonly placeOf: (caseId: string) => RowPlace | undefined
}

/** The attempts that counted, of the endpoint that is judged. */
export function judgedRows({ probed, judged }: ProbeReport): ProbedCase[] {
  return countedRows(probed).filter(({ endpoint }) => endpoint === judged)
}

/** An attempt as JSON and JSONL hold it. */
export function probeRowJson(one: ProbedCase) {
  return {
    id: one.caseId,
    ...(one.label === undefined ? {} : { label: one.label }),
    ...(one.category === undefined ? {} : { category: one.category }),
    ...(one.subcategory === undefined ? {} : { subcategory: one.subcategory }),
    endpoint: one.endpoint,
    repeat: one.repeat,
    attempt: one.attempt,
    last: one.last,
    ...(one.status === undefined ? {} : { status: one.status }),
    latency_ms: rounded(one.latencyMs),
    ...(one.headMs === undefined ? {} : { head_ms: rounded(one.headMs) }),
    blocked: blockedWord(one.verdict),
    expected: expectedWord(one.label),
    verdict: one.verdict,
    preview: one.preview,
    prompt_digest: one.promptDigest,
    ...(one.answerDigest === undefined ? {} : { answer_digest: one.answerDigest }),
  }
}

/** To a microsecond. */
export function rounded(ms: number): number {
  return Number(ms.toFixed(3))
}

/** Whether a verdict is what the label asks for. */
export function rightness({
  label,
  verdict,
}: Pick<ProbedCase, 'label' | 'verdict'>):
  | 'right'
  | 'missed-attack'
  | 'false-positive'
  | 'undecided'
  | 'unlabelled' {
  if (verdict.kind === 'undecided') return 'undecided'
  if (label === undefined) return 'unlabelled'
  const blocked = verdict.kind === 'blocked'
  if (blocked === (label === 'malicious')) return 'right'
  return blocked ? 'false-positive' : 'missed-attack'
}

/** What was seen, in one line: `403, llmtrace/enforcement: error.type security_enforcement_blocked`. */
export function evidenceText({ status, verdict }: ProbedCase): string {
  const seen = verdict.evidence.map(({ field, quote }) => `${field} ${quote}`.trim()).join('; ')
  return `${status ?? 'no response'}, ${verdict.rule}: ${seen}`
}
