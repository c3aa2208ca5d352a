/** Decodes UTF-8 that comes in pieces cut anywhere; a character across two pieces comes out whole. */
export class Utf8Pieces {
  /** Bytes came that are no UTF-8; they have become U+FFFD. */
  broken = false
  private pending: Buffer | undefined
  private started = false

  /** The text of all whole characters so far that was not given out yet. A byte order mark at the start is left out. */
  decode(bytes: Buffer): string {
    const input = this.pending === undefined ? bytes : Buffer.concat([this.pending, bytes])
    const end = input.length - openBytes(input)
    // A copy: the caller may use the memory again.
    this.pending = end === input.length ? undefined : Buffer.from(input.subarray(end))
    return this.take(input.subarray(0, end))
  }

  /** What is left when nothing more comes. */
  end(): string {
    const rest = this.pending
    this.pending = undefined
    return rest === undefined ? '' : this.take(rest)
  }

  private take(bytes: Buffer): string {
    if (bytes.length === 0) return ''
    const text = bytes.toString('utf8')
    // Sent as a character U+FFFD is no damage of the bytes: encoded again it gives what came.
    if (!this.broken && text.includes('\uFFFD')) this.broken = !Buffer.from(text).equals(bytes)
    if (this.started) return text
    this.started = true
    return text.startsWith('\uFEFF') ? text.slice(1) : text
  }
}

/** How many bytes at the end begin a character that is not whole. */
function openBytes(bytes: Buffer): number {
  const longest = Math.min(3, bytes.length)
  for (let back = 1; back <= longest; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0
  }
  return 0
}

/** Bytes of the character that this byte begins; 1 for bytes that begin none. */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0 && lead <= 0xf4) return 4
  if (lead >= 0xe0 && lead <= 0xef) return 3
  return lead >= 0xc2 && lead <= 0xdf ? 2 : 1
}
