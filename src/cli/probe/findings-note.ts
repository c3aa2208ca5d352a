import type { FoundTrace } from '../../model/findings.ts'
import type { FindingsNote } from '../../model/late-evidence.ts'
import type { ProbedCase } from '../../model/probe.ts'
import type { JoinedTraces } from '../../observability/join-traces.ts'
import type { SettledRead } from '../../observability/read-until-stable.ts'
import { attemptKey } from './probe-ids.ts'

interface NotedFindings {
  /** The attempts that counted, at the endpoint whose findings they are. */
  readonly rows: readonly ProbedCase[]
  readonly joined: JoinedTraces
  readonly expected: number
  readonly missing: number
  readonly isFound: (trace: FoundTrace) => boolean
  readonly settled: SettledRead
}

/** What came of reading findings, in numbers. */
export function findingsNote(noted: NotedFindings): Omit<FindingsNote, 'source' | 'url'> {
  const { rows, joined, expected, missing, isFound, settled } = noted
  const found = rows.map(({ caseId, verdict, ...one }) => {
    const trace = joined.traces.get(attemptKey({ ...one, caseId }))
    return { caseId, verdict, found: trace && isFound(trace) }
  })
  const count = (blocked: boolean, wanted: boolean) =>
    found.filter(
      (one) =>
        one.verdict.kind !== 'undecided' &&
        (one.verdict.kind === 'blocked') === blocked &&
        one.found === wanted,
    ).length
  const silent = found.filter(
    (one) => one.verdict.kind === 'blocked' && one.verdict.by === 'proxy' && one.found !== true,
  )
  const late =
    missing === 0 ? [] : [`${missing} answered requests have no trace after the time limit`]
  return {
    joined: expected - missing,
    expected,
    byTraceId: joined.byTraceId,
    byPrompt: joined.byPrompt,
    blockedFound: count(true, true),
    blockedNotFound: count(true, false),
    allowedFound: count(false, true),
    allowedNotFound: count(false, false),
    silentBlocks: [...new Set(silent.map(({ caseId }) => caseId))],
    types: typesOf([...joined.traces.values()]),
    settledMs: Math.round(settled.settledMs),
    notes: [...settled.notes, ...late],
  }
}

function typesOf(traces: readonly FoundTrace[]): FindingsNote['types'] {
  const counts = new Map<string, number>()
  for (const { findings } of traces) {
    for (const type of new Set(findings.map((one) => one.type))) {
      counts.set(type, (counts.get(type) ?? 0) + 1)
    }
  }
  return [...counts]
    .map(([type, count]) => ({ type, traces: count }))
    .toSorted((one, other) => other.traces - one.traces)
}
