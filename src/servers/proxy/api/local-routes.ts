import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorBody } from '../../../wire/chat-response.ts'
import { readPageFile } from '../page/page-files.ts'
import type { QueueCounts } from '../store/record-queue.ts'
import type { StoreLink } from '../store/store-link.ts'
import type { ProxyMetrics } from '../telemetry/metrics.ts'
import { checkAccess } from './access.ts'
import { ApiError, apiErrorBody } from './api-error.ts'

interface Surroundings {
  /** Undefined where nothing is kept. */
  readonly store: StoreLink | undefined
  readonly metrics: ProxyMetrics
  readonly counts: () => QueueCounts
  readonly apiKey: string | undefined
  /** Origin of the upstream. */
  readonly upstream: string
}

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** Prompts are hostile and stand in every answer: nothing in one may be run, framed or kept by a browser. */
const ALWAYS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

/** The paths that the proxy answers itself. */
export class LocalRoutes {
  private readonly surroundings: Surroundings

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    request.resume()
    this.reply(request)
      .catch((error: unknown) => refusal(error))
      .then(({ status, headers, body }) => {
        response.writeHead(status, { ...ALWAYS, ...headers }).end(body)
        return undefined
      })
      .catch(() => response.destroy())
  }

  private async reply(request: IncomingMessage): Promise<Reply> {
    const target = request.url ?? '/'
    const path = target.split('?')[0] ?? ''
    const page = await readPageFile(path)
    const isApi = path.startsWith('/api/v1/')
    if (page === undefined && !isApi && path !== '/health' && path !== '/metrics') {
      return json(404, errorBody('only /v1/ is forwarded', 'invalid_request_error', '404'))
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const refused = json(405, apiErrorBody('only GET is answered here'))
      return { ...refused, headers: { ...refused.headers, allow: 'GET, HEAD' } }
    }
    if (page !== undefined) return { status: 200, ...page }
    if (path === '/health') return json(200, this.health())
    checkAccess(request.headers, this.surroundings.apiKey)
    return isApi ? this.answer(target, request) : this.metrics()
  }

  private health() {
    const { store, counts, upstream } = this.surroundings
    const healthy = !counts().failing
    return {
      status: healthy ? 'healthy' : 'degraded',
      upstream,
      ...(store === undefined ? {} : { storage: { traces: { healthy } } }),
    }
  }

  private async metrics(): Promise<Reply> {
    const { metrics } = this.surroundings
    const body = await metrics.print()
    return { status: 200, headers: { 'content-type': metrics.contentType }, body }
  }

  private async answer(target: string, { headers }: IncomingMessage): Promise<Reply> {
    const { store, counts } = this.surroundings
    if (store === undefined) {
      throw new ApiError(404, 'nothing is kept: the proxy was started with --store none')
    }
    const [tenantId] = [headers['x-llmtrace-tenant-id']].flat()
    const question = { target, tenantId: tenantId || undefined, counts: counts() }
    const { status, body } = await store.answer(question).catch((error: Error) => {
      throw new ApiError(503, `the store cannot be read (${error.message})`)
    })
    return { status, headers: { 'content-type': 'application/json' }, body }
  }
}

function refusal(error: unknown): Reply {
  if (!(error instanceof ApiError)) {
    const reason = error instanceof Error ? error.message : String(error)
    return json(500, apiErrorBody(`this proxy failed: ${reason}`))
  }
  const refused = json(error.status, apiErrorBody(error.message))
  if (error.status !== 401) return refused
  return { ...refused, headers: { ...refused.headers, 'www-authenticate': 'Bearer' } }
}

function json(status: number, value: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  }
}
