import type { FoundTrace, TraceFinding } from '../model/findings.ts'
import { contentText } from '../wire/chat-request.ts'
import { isRecord, listAt, numberAt, textAt } from '../wire/json.ts'
import { fetchJson, SourceError } from './fetch-json.ts'
import type { FindingsApi, FindingsRead, FindingsSource } from './findings-source.ts'

const TRACE_HEADER = 'X-LLMTrace-Trace-Id'
const TENANT_HEADER = 'X-LLMTrace-Tenant-ID'

/** The most that the API gives at once. */
const PAGE = 1000
const MOST_PAGES = 100

/** Clocks of two machines, and the second to which a server tells its own. */
const CLOCK_SLACK_MS = 5000

/**
 * LLMTrace's API, which our own proxy has too. Traces hold findings in their spans; the list of findings is read as
 * well, since it is what people look at, and a trace may be gone before it.
 */
export const llmtrace: FindingsSource = {
  name: 'llmtrace',
  traceHeader: TRACE_HEADER.toLowerCase(),
  tenantHeader: TENANT_HEADER.toLowerCase(),
  requestHeaders: ({ tenant, trace }) => [
    [TENANT_HEADER, tenant],
    [TRACE_HEADER, trace],
  ],
  // With the roles before them since 2026, without them before.
  storedPrompts: (messages) => [
    messages.map(({ role, content }) => `${role}: ${contentText(content)}`).join('\n'),
    messages.map(({ content }) => contentText(content)).join('\n'),
  ],
  read: readTraces,
}

async function readTraces(api: FindingsApi): Promise<FindingsRead> {
  const traces = await readPages(api, '/api/v1/traces', (item) => {
    const createdAt = instant(textAt(item, 'created_at'))
    return listAt(item, 'spans').map((span) => traceOf(span, createdAt))
  })
  const findings = await readPages(api, '/api/v1/security/findings', (span) => [
    traceOf(span, instant(textAt(span, 'start_time'))),
  ])
  return {
    traces: mergeById([...traces.items, ...findings.items]),
    notes: [...new Set([...traces.notes, ...findings.notes])],
  }
}

/** Newest first, so that older runs are not read: the first item from before this one ends it. */
async function readPages(
  api: FindingsApi,
  path: string,
  read: (item: unknown) => readonly FoundTrace[],
): Promise<{ readonly items: readonly FoundTrace[]; readonly notes: readonly string[] }> {
  const items: FoundTrace[] = []
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const url = new URL(api.url)
    url.pathname = url.pathname.replace(/\/$/, '') + path
    url.searchParams.set('limit', String(PAGE))
    url.searchParams.set('offset', String(page * PAGE))
    const { value, serverAt } = await fetchJson(url, { ...api.fetching, headers: headersOf(api) })
    if (!isRecord(value) || !Array.isArray(value['data'])) {
      throw new SourceError(`${path} gives no list: {"data": [...]} is one`)
    }
    const since = api.since + skewOf(serverAt) - CLOCK_SLACK_MS
    const found = listAt(value, 'data').flatMap((item) => read(item))
    const own = found.filter(({ createdAt }) => createdAt === undefined || createdAt >= since)
    items.push(...own)
    const more = listAt(value, 'data').length === PAGE && own.length === found.length
    if (!more) return { items, notes: [] }
  }
  return { items, notes: [`only the newest ${MOST_PAGES * PAGE} of ${path} are read`] }
}

/** The server's clock minus ours, where it is more than the second to which it is told. */
function skewOf(serverAt: number | undefined): number {
  const skew = serverAt === undefined ? 0 : serverAt - Date.now()
  return Math.abs(skew) < CLOCK_SLACK_MS ? 0 : skew
}

function headersOf({ token, tenant }: FindingsApi): Record<string, string> {
  return {
    accept: 'application/json',
    [TENANT_HEADER]: tenant,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
}

function traceOf(span: unknown, createdAt: number | undefined): FoundTrace {
  return {
    traceId: textAt(span, 'trace_id'),
    prompt: textAt(span, 'prompt'),
    createdAt,
    score: numberAt(span, 'security_score'),
    findings: listAt(span, 'security_findings').map((one) => ({
      type: textAt(one, 'finding_type'),
      severity: textAt(one, 'severity'),
    })),
  }
}

function instant(text: string): number | undefined {
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}

/** A trace of several spans, or one of both lists, is one. */
function mergeById(traces: readonly FoundTrace[]): FoundTrace[] {
  const merged = new Map<string, FoundTrace>()
  for (const one of traces) {
    const known = merged.get(one.traceId)
    merged.set(one.traceId, known === undefined ? one : mergeTwo(known, one))
  }
  return [...merged.values()]
}

function mergeTwo(one: FoundTrace, other: FoundTrace): FoundTrace {
  const scores = [one.score, other.score].filter((score) => score !== undefined)
  return {
    ...one,
    prompt: one.prompt || other.prompt,
    createdAt: one.createdAt ?? other.createdAt,
    score: scores.length === 0 ? undefined : Math.max(...scores),
    findings: distinct([...one.findings, ...other.findings]),
  }
}

function distinct(findings: readonly TraceFinding[]): TraceFinding[] {
  const byName = new Map(findings.map((one) => [`${one.type} ${one.severity}`, one]))
  return [...byName.values()]
}
