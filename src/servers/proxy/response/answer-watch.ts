import { parseJson } from '../../../wire/json.ts'
import type { Finding } from '../exchange-record.ts'
import type { Guard, Verdict } from '../guard.ts'
import { decide } from '../policy.ts'
import { AnswerText } from './answer-text.ts'
import { type EventBlock, EventBlocks } from './event-blocks.ts'
import { scanTail, undecidedTail } from './scan-answer.ts'

/** What an answer is looked at with. */
export interface AnswerWatch {
  readonly guard: Guard
  readonly canaries: readonly string[]
  readonly text: AnswerText
  /** The first content of a stream has come. */
  readonly onFirstToken: () => void
}

/** What to do with a stretch of a stream. */
export interface StreamStep {
  /** Bytes that may go on now. */
  readonly send: readonly Buffer[]
  /** The findings for which nothing more may go on; undefined where all is well. */
  readonly stopped: readonly Finding[] | undefined
}

/**
 * Watches a stream for what must not leave. Holds events back as long as the end of the text may be the beginning of a
 * secret, so that no half of it is out when it is known.
 */
export class StreamWatch {
  private readonly blocks = new EventBlocks()
  private held: Buffer[] = []
  private started = false
  private findings: readonly Finding[] = []
  private readonly watch: AnswerWatch
  private readonly stops: boolean

  /** `stops`: whether a stream is cut off, and so has to be held back; else it is only looked at. */
  constructor(watch: AnswerWatch, stops: boolean) {
    this.watch = watch
    this.stops = stops
  }

  feed(chunk: Buffer): StreamStep {
    const send: Buffer[] = []
    for (const block of this.blocks.feed(chunk)) {
      const stopped = this.take(block, send)
      if (stopped !== undefined) return { send, stopped }
    }
    return { send, stopped: undefined }
  }

  end(): StreamStep {
    const send: Buffer[] = []
    for (const block of this.blocks.end()) {
      const stopped = this.take(block, send)
      if (stopped !== undefined) return { send, stopped }
    }
    send.push(...this.held.splice(0))
    return { send, stopped: undefined }
  }

  /** Everything that was found in the stream so far. */
  get found(): readonly Finding[] {
    return this.findings
  }

  private take(block: EventBlock, send: Buffer[]): readonly Finding[] | undefined {
    const { guard, canaries, text, onFirstToken } = this.watch
    const before = text.texts.reduce((sum, { length }) => sum + length, 0)
    const grown = block.data === '' ? [] : text.take(parseJson(block.data))
    if (grown.length > 0 && !this.started) {
      this.started = true
      onFirstToken()
    }
    this.held.push(block.bytes)
    const after = text.texts.reduce((sum, { length }) => sum + length, 0)
    for (const choice of grown) {
      const said = text.of(choice)
      const found = scanTail(said, after - before, canaries, guard.ruleSet)
      if (found.length > 0) this.findings = merged(this.findings, found)
      const { action, because } = decide(found, guard.options.policy)
      if (action === 'block' && this.stops) return because
      if (this.stops && undecidedTail(said, canaries) > 0) return undefined
    }
    // Events without text come between: they wait with those before them.
    const waits = this.stops && grown.length === 0 && this.waits()
    if (!waits) send.push(...this.held.splice(0))
    return undefined
  }

  private waits(): boolean {
    if (this.held.length <= 1) return false
    const { text, canaries } = this.watch
    return text.texts.some((said) => undecidedTail(said, canaries) > 0)
  }
}

function merged(known: readonly Finding[], found: readonly Finding[]): readonly Finding[] {
  const rules = new Set(known.map(({ rule }) => rule))
  return [...known, ...found.filter(({ rule }) => !rules.has(rule))]
}

/** The verdict of a whole answer together with what was seen while it came. */
export function withFound(verdict: Verdict, found: readonly Finding[]): Verdict {
  return { ...verdict, findings: merged(verdict.findings, found) }
}
