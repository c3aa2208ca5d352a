const CR = 13
const LF = 10
const SEMICOLON = 59
/** A size line or a trailer section longer than this is an attack or garbage. */
const LONGEST_LINE = 16_384

type State =
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-lf'
  | 'end-lf'

/** How far a feed came: all bytes taken, the body ended after `consumed` bytes, or the bytes are not chunked coding. */
export type ChunkedProgress =
  | { readonly kind: 'more' }
  | { readonly kind: 'complete'; readonly consumed: number }
  | { readonly kind: 'error'; readonly reason: string }

const MORE: ChunkedProgress = { kind: 'more' }

/**
 * Reads the chunked transfer coding of RFC 9112 7.1, fed in pieces of any size. Strict: lines end in CRLF, since
 * leniency here is where intermediaries disagree about where a response ends.
 */
export class ChunkedBody {
  private state: State = 'size'
  private size = 0
  private digits = 0
  private lineBytes = 0
  private emptyLine = true
  private readonly onData: (bytes: Uint8Array, start: number, end: number) => void

  constructor(onData: (bytes: Uint8Array, start: number, end: number) => void) {
    this.onData = onData
  }

  feed(bytes: Uint8Array, start: number): ChunkedProgress {
    let position = start
    while (position < bytes.length) {
      if (this.state === 'data') {
        const end = Math.min(bytes.length, position + this.size)
        this.onData(bytes, position, end)
        this.size -= end - position
        position = end
        if (this.size === 0) this.state = 'data-cr'
        continue
      }
      const ended = this.state === 'end-lf'
      const reason = this.step(bytes[position] ?? 0)
      if (reason !== undefined) return { kind: 'error', reason }
      position += 1
      if (ended) return { kind: 'complete', consumed: position - start }
    }
    return MORE
  }

  /** Takes one byte of framing; returns the reason where it may not stand here. */
  private step(byte: number): string | undefined {
    switch (this.state) {
      case 'size':
        return this.stepSize(byte)
      case 'extension':
        if (byte === CR) this.state = 'size-lf'
        else if (byte === LF) return 'bare LF in a chunk size line'
        return this.countLine()
      case 'size-lf':
        if (byte !== LF) return 'CR without LF after a chunk size'
        this.state = this.size === 0 ? 'trailer' : 'data'
        this.lineBytes = 0
        this.emptyLine = true
        this.digits = 0
        return undefined
      case 'data-cr':
        if (byte !== CR) return 'chunk longer than its size'
        this.state = 'data-lf'
        return undefined
      case 'data-lf':
        if (byte !== LF) return 'CR without LF after a chunk'
        this.state = 'size'
        this.size = 0
        return undefined
      case 'trailer':
        return this.stepTrailer(byte)
      case 'trailer-lf':
        if (byte !== LF) return 'CR without LF in a trailer'
        this.state = 'trailer'
        this.emptyLine = true
        return undefined
      case 'end-lf':
        return byte === LF ? undefined : 'CR without LF at the end'
      case 'data':
        return undefined
    }
  }

  private stepSize(byte: number): string | undefined {
    const digit = hexDigit(byte)
    if (digit >= 0) {
      this.size = this.size * 16 + digit
      this.digits += 1
      return this.digits > 12 ? 'chunk size too large' : undefined
    }
    if (this.digits === 0) return 'chunk size is not a hexadecimal number'
    if (byte === CR) this.state = 'size-lf'
    else if (byte === SEMICOLON || byte === 0x20 || byte === 0x09) this.state = 'extension'
    else return 'chunk size is not a hexadecimal number'
    return undefined
  }

  private stepTrailer(byte: number): string | undefined {
    if (byte === CR) this.state = this.emptyLine ? 'end-lf' : 'trailer-lf'
    else if (byte === LF) return 'bare LF in a trailer'
    else this.emptyLine = false
    return this.countLine()
  }

  private countLine(): string | undefined {
    this.lineBytes += 1
    return this.lineBytes > LONGEST_LINE ? 'chunk extension or trailer too long' : undefined
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 0x20
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
