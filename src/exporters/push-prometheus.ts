import { request } from 'undici'

/** Longest text of a refusal that is told. */
const MOST_TOLD = 200

/** Where a Pushgateway takes a job's metrics, unless the URL names a job itself. */
const USUAL_PATH = '/metrics/job/llmtrace-bench'

/** PUTs text in Prometheus' exposition format: it takes the place of all that the job pushed before. Throws. */
export async function pushPrometheus(url: string, text: string, timeoutMs: number): Promise<void> {
  const { statusCode, body } = await request(pushUrl(url), {
    method: 'PUT',
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    body: text,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
  })
  const told = await body.text()
  if (statusCode < 200 || statusCode > 299) {
    throw new Error(`status ${statusCode} ${told.trim().slice(0, MOST_TOLD)}`.trim())
  }
}

function pushUrl(url: string): string {
  const parsed = new URL(url)
  if (!parsed.pathname.includes('/metrics/job')) {
    parsed.pathname = `${parsed.pathname.replace(/\/$/, '')}${USUAL_PATH}`
  }
  return parsed.href
}
