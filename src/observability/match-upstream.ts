import type { UpstreamLogNote } from '../model/late-evidence.ts'
import type { UpstreamEvidence } from '../model/upstream-evidence.ts'
import type { UpstreamEntry, UpstreamRead } from './upstream-log.ts'

/** A request as far as a log of arrivals could know it. */
export interface SentRequest {
  /** Of the attempt. */
  readonly key: string
  readonly endpoint: string
  /** Value of the header for case ids: no other request of any run has it. */
  readonly caseHeader: string
  readonly promptHash: string
  /** First 200 characters. */
  readonly lastUserText: string
}

type By = 'header' | 'prompt'

interface Witnessed extends UpstreamEvidence {
  readonly by: By
}

export interface UpstreamMatch extends Pick<
  UpstreamLogNote,
  'reached' | 'notReached' | 'unknown' | 'by' | 'notes'
> {
  /** By the attempt's key; what the log says nothing about is absent. */
  readonly evidence: ReadonlyMap<string, UpstreamEvidence>
}

/**
 * Which requests arrived. By the header for case ids where the way to the log lets it through, else by the prompt, which
 * says nothing where several requests have the same one. That a request did not arrive is concluded only from a log that
 * holds everything, knows this run, and has no entry left that could be the request in another shape.
 */
export function matchUpstream(
  sent: readonly SentRequest[],
  { entries, complete, notes }: UpstreamRead,
): UpstreamMatch {
  const headers = new Set(sent.map(({ caseHeader }) => caseHeader))
  const ours = grouped(
    entries.filter(({ caseId }) => headers.has(caseId)),
    ({ caseId }) => caseId,
  )
  const passing = new Set(
    sent.filter(({ caseHeader }) => ours.has(caseHeader)).map(({ endpoint }) => endpoint),
  )
  const evidence = new Map<string, Witnessed>()
  for (const one of sent.filter(({ endpoint }) => passing.has(endpoint))) {
    const found = ours.get(one.caseHeader)
    if (found !== undefined) evidence.set(one.key, arrived(one, found, 'header'))
    else if (complete) evidence.set(one.key, { reached: false, by: 'header' })
  }
  const others = sent.filter(({ endpoint }) => !passing.has(endpoint))
  const unnamed = entries.filter(({ caseId }) => !headers.has(caseId))
  const told = matchPrompts(others, unnamed, evidence)
  const seen = [...evidence.values()].some(({ reached }) => reached)
  if (complete && seen && told.left === 0) {
    for (const key of told.absent) evidence.set(key, { reached: false, by: 'prompt' })
  }
  const unseen = seen || sent.length === 0 ? [] : ['no request of this run is in it']
  const strangers =
    told.absent.length > 0 && told.left > 0
      ? [`${told.left} entries may be requests of this run in another shape`]
      : []
  return summary(sent, evidence, [...notes, ...unseen, ...strangers])
}

/** Adds what prompts alone tell to `evidence`; gives what no entry has, and how many entries nothing has. */
function matchPrompts(
  sent: readonly SentRequest[],
  entries: readonly UpstreamEntry[],
  evidence: Map<string, Witnessed>,
): { readonly absent: readonly string[]; readonly left: number } {
  const byHash = grouped(entries, ({ promptHash }) => promptHash)
  const claimed = new Set<UpstreamEntry>()
  const claim = (group: readonly SentRequest[], found: readonly UpstreamEntry[]) => {
    for (const one of found) claimed.add(one)
    const [only, another] = group
    // Equal prompts: nobody knows whose arrival it was.
    if (only !== undefined && another === undefined) {
      evidence.set(only.key, arrived(only, found, 'prompt'))
    }
  }
  const unmatched: SentRequest[] = []
  for (const [hash, group] of grouped(sent, ({ promptHash }) => promptHash)) {
    const found = byHash.get(hash)
    if (found === undefined) unmatched.push(...group)
    else claim(group, found)
  }
  const rest = entries.filter((one) => !claimed.has(one) && one.lastUserText !== '')
  const byText = grouped(rest, ({ lastUserText }) => lastUserText)
  const absent: string[] = []
  for (const [text, group] of grouped(unmatched, ({ lastUserText }) => lastUserText)) {
    const found = byText.get(text)
    if (found === undefined) absent.push(...group.map(({ key }) => key))
    else claim(group, found)
  }
  return { absent, left: entries.filter((one) => !claimed.has(one)).length }
}

/** A proxy may try several times: its last try counts. */
function arrived(one: SentRequest, found: readonly UpstreamEntry[], by: By): Witnessed {
  const last = found.at(-1)
  return {
    reached: true,
    changed: last?.promptHash ? last.promptHash !== one.promptHash : undefined,
    status: last?.status,
    by,
  }
}

function summary(
  sent: readonly SentRequest[],
  evidence: ReadonlyMap<string, Witnessed>,
  notes: readonly string[],
): UpstreamMatch {
  const all = [...evidence.values()]
  const reached = all.filter((one) => one.reached).length
  const ways = new Set(all.filter((one) => one.reached).map(({ by }) => by))
  const [way = 'nothing'] = ways
  return {
    evidence,
    reached,
    notReached: all.length - reached,
    unknown: sent.length - all.length,
    by: ways.size > 1 ? 'both' : way,
    notes,
  }
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}
