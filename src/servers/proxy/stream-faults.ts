import { parseDurationMs } from '../../stats/latency-spec.ts'
import { cutInCharacter, type EventFault, EventFaults } from '../../wire/event-faults.ts'
import { EventSplitter } from '../../wire/event-splitter.ts'

/** What a proxy does wrong with the streams that pass through it; all of them are seen in the field. */
export interface StreamFaults {
  readonly events: readonly EventFault[]
  /** Cut each event within its first character of several bytes. */
  readonly splitCharacters: boolean
  /** Hold what comes for so long, and send it together, ms. */
  readonly coalesceMs: number | undefined
  /** Hold everything until the stream ends. */
  readonly buffer: boolean
  /** Let the upstream go on when the client has left. */
  readonly ignoreCancel: boolean
}

const EVENT_FAULTS: Readonly<Record<string, EventFault>> = {
  'drop-role': 'no-role',
  'double-role': 'double-role',
  'drop-usage': 'no-usage',
  'drop-done': 'no-done',
  reorder: 'reorder',
  alter: 'alter',
  comments: 'comments',
  crlf: 'crlf',
  'no-space': 'no-space',
}

/** The names that `--stream-faults` takes; `coalesce` takes a time. */
export const PROXY_STREAM_FAULTS = [
  ...Object.keys(EVENT_FAULTS),
  'split-utf8',
  'coalesce',
  'buffer',
  'ignore-cancel',
]

/** Reads `drop-role,coalesce:50ms`; undefined for none. Throws RangeError naming the entry. */
export function parseStreamFaults(text: string): StreamFaults | undefined {
  const entries = text.split(',').map((entry) => entry.trim())
  const given = entries.filter((entry) => entry !== '')
  if (given.length === 0) return undefined
  for (const entry of given) checkEntry(entry)
  const [coalesce] = given.filter((entry) => entry.startsWith('coalesce:'))
  return {
    events: given.flatMap((name) => EVENT_FAULTS[name] ?? []),
    splitCharacters: given.includes('split-utf8'),
    coalesceMs: coalesce === undefined ? undefined : parseDurationMs(coalesce.slice(9)),
    buffer: given.includes('buffer'),
    ignoreCancel: given.includes('ignore-cancel'),
  }
}

function checkEntry(entry: string): void {
  const [name = '', time, ...rest] = entry.split(':')
  if (name === 'coalesce' && rest.length === 0 && (parseDurationMs(time ?? '') ?? 0) > 0) return
  if (name !== 'coalesce' && PROXY_STREAM_FAULTS.includes(entry)) return
  throw new RangeError(
    `${JSON.stringify(entry)} is not a fault of streams; choose from ${PROXY_STREAM_FAULTS.join(', ')}, and give coalesce a time such as coalesce:50ms`,
  )
}

/** Bytes to write, and whether what follows has to come in a write of its own, a little later. */
export interface Piece {
  readonly bytes: Uint8Array
  readonly apart: boolean
}

/**
 * A stream of events as bytes, in whatever pieces, to the bytes with the faults in them. Without faults of events or
 * characters the pieces go through as they are.
 */
export class FaultyBytes {
  private readonly splitter = new EventSplitter()
  private readonly encoder = new TextEncoder()
  private readonly events: EventFaults
  private readonly faults: StreamFaults
  private readonly untouched: boolean

  constructor(faults: StreamFaults) {
    this.faults = faults
    this.events = new EventFaults(faults.events)
    this.untouched = faults.events.length === 0 && !faults.splitCharacters
  }

  push(bytes: Uint8Array): Piece[] {
    if (this.untouched) return [{ bytes, apart: false }]
    return this.pieces(this.splitter.push(bytes).flatMap((event) => this.events.push(event)))
  }

  /** What is left when the stream has ended. */
  flush(): Piece[] {
    const rest = this.splitter.rest()
    return this.pieces([...(rest === '' ? [] : this.events.push(rest)), ...this.events.end()])
  }

  private pieces(events: readonly string[]): Piece[] {
    return events.flatMap((event) => {
      const bytes = this.encoder.encode(event)
      const cut = this.faults.splitCharacters ? cutInCharacter(bytes) : [bytes]
      return cut.map((piece, index) => ({ bytes: piece, apart: index < cut.length - 1 }))
    })
  }
}
