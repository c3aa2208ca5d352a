import type { Outcome } from '../model/outcome.ts'
import type { StreamEvent } from '../wire/event-stream.ts'

/** What came back for one request. */
export interface Reply {
  /** How it ended; absent for a response that was read whole. */
  readonly outcome?: Outcome | undefined
  /** Absent where no response head was read. */
  readonly status?: number | undefined
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** As text; bytes that are no UTF-8 have become U+FFFD. */
  readonly body: string
  /** From a client that reads a stream as it comes; read from the body otherwise. */
  readonly events?: readonly StreamEvent[] | undefined
}

/** What was asked, as far as it matters. */
export interface RequestFacts {
  readonly model: string
  readonly prompt: string
}
