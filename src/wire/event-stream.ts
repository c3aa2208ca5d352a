import { createParser } from 'eventsource-parser'

/** One server-sent event. */
export interface StreamEvent {
  /** The event's type where it has one, such as `error`. */
  readonly event?: string | undefined
  readonly data: string
}

/**
 * Reads a whole body as server-sent events. What no event stream may hold is passed over, and an event whose end
 * was cut off is read as far as it came: gateways end a stream that they block in the middle.
 */
export function readEventStream(text: string): StreamEvent[] {
  const events: StreamEvent[] = []
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ event, data }),
  })
  // The parser knows a byte order mark only as three Latin-1 characters, and takes quadratic time for lone CRs.
  const lines = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')
  parser.feed(`${lines}\n\n`)
  return events
}
