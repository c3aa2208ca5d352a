import { isRecord, type JsonRecord, listAt, parseJson, recordAt, textAt } from './json.ts'

/**
 * What can happen to a streamed completion event by event, whether a model does it or a proxy: `no-role` (the first
 * delta names no role), `double-role` (its event comes twice), `no-usage` and `no-done` (the usage, the `[DONE]` left
 * out), `reorder` (two events with content change places), `alter` (another content in one of them), `comments`
 * (keep-alive comments between events), `crlf` (lines end in CRLF), `no-space` (`data:{` without the space).
 */
export const EVENT_FAULTS = [
  'no-role',
  'double-role',
  'no-usage',
  'no-done',
  'reorder',
  'alter',
  'comments',
  'crlf',
  'no-space',
] as const
export type EventFault = (typeof EVENT_FAULTS)[number]

export function isEventFault(name: string | undefined): name is EventFault {
  return EVENT_FAULTS.some((fault) => fault === name)
}

const COMMENT_EVERY = 3

/** Does faults to a stream's events as they pass. The same events give the same, whenever they come. */
export class EventFaults {
  private readonly faults: ReadonlySet<EventFault>
  /** The event with content, from 0, that `alter` and `reorder` choose. */
  private readonly chosen: number
  private events = 0
  private withContent = 0
  private hasRole = false
  private held: string | undefined

  constructor(faults: Iterable<EventFault>, chosen = 0) {
    this.faults = new Set(faults)
    this.chosen = chosen
  }

  /** Takes one event, with the blank line that ends it; gives what comes of it, nothing or several events. */
  push(event: string): string[] {
    const [, data = ''] = /^data: ?(.*?)\r?$/m.exec(event) ?? []
    const passed = data === '[DONE]' ? this.done(event) : this.chunk(event, parseJson(data))
    return this.dress(passed)
  }

  /** What was held back for an event that never came. */
  end(): string[] {
    return this.dress(this.release())
  }

  private done(event: string): string[] {
    return [...this.release(), ...(this.faults.has('no-done') ? [] : [event])]
  }

  private chunk(event: string, value: unknown): string[] {
    if (!isRecord(value)) return [event]
    const [choice] = listAt(value, 'choices')
    const delta = recordAt(choice, 'delta')
    if (this.faults.has('no-usage') && isRecord(value['usage'])) {
      if (choice === undefined) return this.release()
      return this.chunk(rewritten(event, { ...value, usage: undefined }), { ...value, usage: null })
    }
    if (delta !== undefined && 'role' in delta && !this.hasRole) {
      return this.role(event, value, delta)
    }
    if (textAt(delta, 'content') !== '') return this.content(event, value)
    return textAt(choice, 'finish_reason') === '' ? [event] : [...this.release(), event]
  }

  private role(event: string, value: JsonRecord, delta: JsonRecord): string[] {
    this.hasRole = true
    const { role, ...rest } = delta
    const twice = this.faults.has('double-role')
      ? [withDelta(event, value, { role, content: '' })]
      : []
    const dropped = this.faults.has('no-role')
    if (textAt(rest, 'content') === '') return dropped ? [] : [...twice, event]
    // Some servers put the role beside the first content.
    const bare = dropped ? withDelta(event, value, rest) : event
    return [...twice, ...this.content(bare, parseJson(dataOf(bare)))]
  }

  private content(event: string, value: unknown): string[] {
    const index = this.withContent
    this.withContent += 1
    const delta = recordAt(value, 'choices', 0, 'delta') ?? {}
    const changed =
      this.faults.has('alter') && index === this.chosen && isRecord(value)
        ? withDelta(event, value, { ...delta, content: altered(textAt(delta, 'content')) })
        : event
    if (this.faults.has('reorder') && index === this.chosen) {
      this.held = changed
      return []
    }
    return [changed, ...this.release()]
  }

  private release(): string[] {
    const held = this.held === undefined ? [] : [this.held]
    this.held = undefined
    return held
  }

  private dress(events: readonly string[]): string[] {
    return events.flatMap((event) => {
      const comment = this.faults.has('comments') && this.events % COMMENT_EVERY === 0
      this.events += 1
      const spaced = this.faults.has('no-space') ? event.replaceAll(/^data: /gm, 'data:') : event
      const both = comment ? [': keep-alive\n\n', spaced] : [spaced]
      return this.faults.has('crlf') ? both.map((one) => one.replaceAll(/\r?\n/g, '\r\n')) : both
    })
  }
}

function dataOf(event: string): string {
  return /^data: ?(.*?)\r?$/m.exec(event)?.[1] ?? ''
}

function rewritten(event: string, value: JsonRecord): string {
  const data = JSON.stringify(value)
  return event.replace(
    /^(data: ?).*?(\r?)$/m,
    (_, before: string, end: string) => before + data + end,
  )
}

/** The event with another delta in its first choice. */
function withDelta(event: string, value: JsonRecord, delta: JsonRecord): string {
  const [first, ...others] = listAt(value, 'choices')
  const choice = { ...(isRecord(first) ? first : {}), delta }
  return rewritten(event, { ...value, choices: [choice, ...others] })
}

/** Another text of the same length: each letter thirteen places on (ROT13); without letters, one more character. */
function altered(text: string): string {
  const turned = text.replaceAll(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(base + ((letter.charCodeAt(0) - base + 13) % 26))
  })
  return turned === text ? `${text}?` : turned
}

/**
 * Cuts bytes of UTF-8 within their first character of more than one byte, so that neither piece can be decoded alone.
 * One piece where there is no such character.
 */
export function cutInCharacter(bytes: Uint8Array): Uint8Array[] {
  const second = bytes.findIndex((byte) => (byte & 0xc0) === 0x80)
  return second <= 0 ? [bytes] : [bytes.subarray(0, second), bytes.subarray(second)]
}
