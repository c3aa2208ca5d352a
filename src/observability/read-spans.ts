import { isRecord, listAt, numberAt, textAt } from '../wire/json.ts'
import { fetchJson, SourceError } from './fetch-json.ts'

/** One exchange as a proxy timed it. */
export interface TimedSpan {
  /** ms since 1970, by the proxy's clock. */
  readonly startedAt: number
  readonly durationMs: number
}

/** The most that the API gives at once. */
const PAGE = 1000
const MOST_PAGES = 20
const TIMEOUT_MS = 10_000

/** The newest spans of LLMTrace's API, at most 20,000. Throws SourceError. */
export async function readSpans(server: URL): Promise<TimedSpan[]> {
  const spans: TimedSpan[] = []
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const url = new URL('/api/v1/spans', server)
    url.searchParams.set('limit', String(PAGE))
    url.searchParams.set('offset', String(page * PAGE))
    const { value } = await fetchJson(url, { headers: {}, timeoutMs: TIMEOUT_MS, insecure: false })
    if (!isRecord(value) || !Array.isArray(value['data'])) {
      throw new SourceError('/api/v1/spans gives no list')
    }
    const found = listAt(value, 'data')
    spans.push(...found.flatMap((span) => timed(span)))
    if (found.length < PAGE) break
  }
  return spans
}

function timed(span: unknown): TimedSpan[] {
  const startedAt = Date.parse(textAt(span, 'start_time'))
  const durationMs = numberAt(span, 'duration_ms')
  return Number.isNaN(startedAt) || durationMs === undefined ? [] : [{ startedAt, durationMs }]
}
