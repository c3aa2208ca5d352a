import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { contentText } from './chat-request.ts'
import { isRecord, type JsonRecord, listAt, numberAt, parseJson } from './json.ts'
import { TextHash } from './text-hash.ts'
import { Utf8Pieces } from './utf8-pieces.ts'

/** A line longer than this is no event of a chat completion; what comes after it is not read. */
const LONGEST_LINE = 16 * 1024 * 1024

/** Characters before a read in which a `data:` may have begun. */
const LOOK_BACK = 6

/**
 * Reads a streamed chat completion from stamped reads, in one pass and without keeping its text. An instant is that of
 * the read which completed an event, so all events of a read have the same; how the bytes were cut into reads changes
 * instants and counts of reads, and nothing else. Never throws, whatever the bytes are.
 */
export class StreamReader {
  /** Events of any kind, `[DONE]` included. */
  events = 0
  firstEventAt: number | undefined
  firstTokenAt: number | undefined
  lastTokenAt: number | undefined
  /** Events with content or reasoning. */
  chunks = 0
  reads = 0
  contentReads = 0
  largestRead = 0
  /** Between neighbouring content chunks. */
  readonly gaps: number[] = []
  inputTokens: number | undefined
  outputTokens: number | undefined
  cachedTokens = 0
  finishReason: string | undefined
  done = false
  afterDone = false
  roleFrame = false
  doubleRole = false
  errorEvent = false
  malformed = false
  comments = false
  carriageReturns = false
  noSpace = false
  contentLength = 0
  reasoningLength = 0
  readonly hash = new TextHash()
  private replaced = false
  private readAt = Number.NaN
  private chunksInRead = 0
  private afterCr = false
  private before = '\n'
  private overflown = false
  private readonly text = new Utf8Pieces()
  private readonly parser = createParser({
    onEvent: (event) => this.takeEvent(event),
    onComment: () => {
      this.comments = true
    },
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') this.overflown = true
    },
    maxBufferSize: LONGEST_LINE,
  })

  /** Bytes of the body that came at this instant. Pieces of one read come with the same instant. */
  read(bytes: Buffer, at: number): void {
    if (at !== this.readAt) {
      this.readAt = at
      this.reads += 1
      this.chunksInRead = 0
    }
    this.feed(this.text.decode(bytes))
  }

  /** Nothing more comes: an event whose end was cut off is read as far as it came. */
  end(): void {
    this.feed(`${this.text.end()}\n\n`)
  }

  /** Bytes that are no UTF-8, or U+FFFD in the text: characters were cut apart and decoded piece by piece. */
  get brokenText(): boolean {
    return this.text.broken || this.replaced
  }

  private feed(text: string): void {
    if (text === '' || this.overflown) return
    const lines = this.withLineFeeds(text)
    if (!this.noSpace) this.lookForNoSpace(lines)
    this.parser.feed(lines)
  }

  /** The parser takes quadratic time for lone CRs, so it is handed line feeds only. */
  private withLineFeeds(text: string): string {
    const rest = this.afterCr && text.startsWith('\n') ? text.slice(1) : text
    this.afterCr = text.endsWith('\r')
    if (!rest.includes('\r')) return rest
    this.carriageReturns = true
    return rest.replaceAll(/\r\n?/g, '\n')
  }

  private lookForNoSpace(lines: string): void {
    const looked = this.before + lines
    this.noSpace = /\ndata:[^ \n]/.test(looked)
    this.before = looked.slice(-LOOK_BACK)
  }

  private takeEvent({ event, data }: EventSourceMessage): void {
    this.events += 1
    this.firstEventAt ??= this.readAt
    if (data.trim() === '[DONE]') {
      this.done = true
      return
    }
    if (this.done) {
      // Whoever reads until [DONE] never sees it.
      this.afterDone = true
      return
    }
    const value = parseJson(data)
    if (event === 'error') this.errorEvent = true
    if (isRecord(value)) this.takeObject(value)
    else this.malformed = true
  }

  private takeObject(value: JsonRecord): void {
    if (value['error'] !== undefined && value['error'] !== null) this.errorEvent = true
    const { usage } = value
    if (isRecord(usage)) this.takeUsage(usage)
    let readable = false
    for (const choice of listAt(value, 'choices')) {
      if (isRecord(choice) && this.takeChoice(choice)) readable = true
    }
    if (readable) this.takeChunk()
  }

  private takeUsage(usage: JsonRecord): void {
    this.inputTokens = numberAt(usage, 'prompt_tokens') ?? this.inputTokens
    this.outputTokens = numberAt(usage, 'completion_tokens') ?? this.outputTokens
    this.cachedTokens =
      numberAt(usage, 'prompt_tokens_details', 'cached_tokens') ?? this.cachedTokens
  }

  /** Returns whether there is something to read in it. */
  private takeChoice(choice: JsonRecord): boolean {
    const { delta, finish_reason: reason } = choice
    if (typeof reason === 'string' && reason !== '') this.finishReason = reason
    const part = isRecord(delta) ? delta : {}
    const content = textOf(part['content'] ?? choice['text'])
    const reasoning = textOf(part['reasoning_content'] ?? part['reasoning'])
    if (content === '' && reasoning === '') {
      if (typeof part['role'] === 'string') this.takeRole()
      return false
    }
    this.contentLength += content.length
    this.reasoningLength += reasoning.length
    this.hash.addReasoning(reasoning)
    this.hash.addContent(content)
    if (!this.replaced) this.replaced = content.includes('\uFFFD')
    return true
  }

  private takeRole(): void {
    this.doubleRole = this.roleFrame
    this.roleFrame = true
  }

  private takeChunk(): void {
    const at = this.readAt
    if (this.lastTokenAt === undefined) this.firstTokenAt = at
    else this.gaps.push(at - this.lastTokenAt)
    this.lastTokenAt = at
    this.chunks += 1
    this.chunksInRead += 1
    if (this.chunksInRead === 1) this.contentReads += 1
    if (this.chunksInRead > this.largestRead) this.largestRead = this.chunksInRead
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : contentText(value)
}
