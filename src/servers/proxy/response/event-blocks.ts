/** An event of a stream as it came, its blank line included, and what it carries. */
export interface EventBlock {
  readonly bytes: Buffer
  /** Its `data` lines joined; empty for comments. */
  readonly data: string
}

const LF = 10
const CR = 13

/** A block that grows beyond this is no event; it is passed on as it is. */
const LONGEST_BLOCK = 1_048_576

/** Cuts a stream of server-sent events into events without changing a byte of it. */
export class EventBlocks {
  private pending: Buffer = Buffer.alloc(0)
  private searched = 0

  /** The events that these bytes complete. */
  feed(bytes: Buffer): EventBlock[] {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes])
    const blocks: EventBlock[] = []
    let start = 0
    for (;;) {
      const end = blockEnd(this.pending, Math.max(start, this.searched))
      if (end === -1) break
      blocks.push(blockOf(this.pending.subarray(start, end)))
      start = end
      this.searched = end
    }
    this.pending = this.pending.subarray(start)
    this.searched = Math.max(0, this.pending.length - 3)
    if (this.pending.length > LONGEST_BLOCK) blocks.push(...this.end())
    return blocks
  }

  /** What is left when the stream ends without a blank line. */
  end(): EventBlock[] {
    const rest = this.pending
    this.pending = Buffer.alloc(0)
    this.searched = 0
    return rest.length === 0 ? [] : [blockOf(rest)]
  }
}

/** The position after a blank line: LF LF, CR LF CR LF or CR CR. */
function blockEnd(bytes: Buffer, from: number): number {
  for (let index = from; index < bytes.length - 1; index += 1) {
    const code = bytes[index]
    if (code !== LF && code !== CR) continue
    if (bytes[index + 1] === code) return index + 2
    const crlf = code === CR && bytes[index + 1] === LF
    if (crlf && bytes[index + 2] === CR && bytes[index + 3] === LF) return index + 4
  }
  return -1
}

function blockOf(bytes: Buffer): EventBlock {
  const lines = bytes.toString('utf8').split(/\r\n|\n|\r/)
  const data = lines
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(line.startsWith('data: ') ? 6 : 5))
  return { bytes, data: data.join('\n') }
}
