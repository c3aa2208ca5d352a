import type { FindingsSourceName, FoundTrace } from '../model/findings.ts'
import type { ChatMessage } from '../wire/chat-request.ts'
import type { FetchOptions } from './fetch-json.ts'

/** What makes the traces of a run findable. */
export interface TraceIds {
  /** One for the run. */
  readonly tenant: string
  /** One for the request. */
  readonly trace: string
}

/** Where and as whom an API is asked. */
export interface FindingsApi {
  /** Without path. */
  readonly url: URL
  readonly token: string | undefined
  readonly tenant: string
  readonly fetching: Omit<FetchOptions, 'headers'>
  /** Traces from before are not the run's; ms since 1970 by our clock. */
  readonly since: number
}

export interface FindingsRead {
  readonly traces: readonly FoundTrace[]
  readonly notes: readonly string[]
}

/** How one product tells what it found. Adding one costs a file, a name in the model and a line in the registry. */
export interface FindingsSource {
  readonly name: FindingsSourceName
  /** Response header in which a trace id comes back; lower case. */
  readonly traceHeader: string
  /** Request header of the tenant; lower case. */
  readonly tenantHeader: string
  readonly requestHeaders: (ids: TraceIds) => readonly (readonly [name: string, value: string])[]
  /** The texts under which the product may have stored these messages. */
  readonly storedPrompts: (messages: readonly ChatMessage[]) => readonly string[]
  /** All traces of the tenant since then, with their findings. Throws SourceError. */
  readonly read: (api: FindingsApi) => Promise<FindingsRead>
}
