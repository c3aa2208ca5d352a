import { Agent, request } from 'undici'
import { parseJson } from '../wire/json.ts'

/** A source that did not answer as it should: the message says why, without secrets, and the run goes on. */
export class SourceError extends Error {}

export interface FetchOptions {
  readonly headers: Readonly<Record<string, string>>
  /** For the whole answer. */
  readonly timeoutMs: number
  /** Accept any TLS certificate. */
  readonly insecure: boolean
}

export interface FetchedJson {
  readonly value: unknown
  /** The server's clock in ms since 1970, to a second, where it tells it. */
  readonly serverAt: number | undefined
}

/** No page of a log or of traces is larger; an endless answer must not fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024

/** Gets JSON. Throws SourceError for whatever is in the way. */
export async function fetchJson(url: URL, options: FetchOptions): Promise<FetchedJson> {
  const { headers, timeoutMs, insecure } = options
  const dispatcher = new Agent({
    connect: { rejectUnauthorized: !insecure },
    keepAliveTimeout: 1,
  })
  try {
    const {
      statusCode,
      headers: given,
      body,
    } = await request(url, {
      headers,
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await readText(body)
    if (statusCode !== 200) throw new SourceError(`it answers ${statusCode}`)
    const value = parseJson(text)
    if (value === undefined) throw new SourceError('its answer is no JSON')
    const date = Date.parse(String(given['date'] ?? ''))
    return { value, serverAt: Number.isNaN(date) ? undefined : date }
  } catch (error) {
    throw error instanceof SourceError ? error : new SourceError(reasonOf(error, timeoutMs))
  } finally {
    await dispatcher.destroy()
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > MOST_BYTES) throw new SourceError(`its answer is over ${MOST_BYTES} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no whole answer within ${timeoutMs / 1000} s`
  // undici names its own errors by codes that begin with UND_ERR; the system's codes say more than its messages.
  return 'code' in error ? String(error.code) : error.message
}
