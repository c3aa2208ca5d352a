/**
 * Takes one line. The bytes are only good during the call: the buffer is read into again. `offset` is where the line
 * begins in its file.
 */
export type LineVisitor = (bytes: Buffer, start: number, end: number, offset: number) => void

const LINE_FEED = 10

/** Cuts chunks of a file into lines, without their ends. Holds no more than the line that a chunk cuts off. */
export class LineSplitter {
  readonly #visit: LineVisitor
  #offset = 0
  /** Copies of the pieces of a line that began in an earlier chunk. */
  #pieces: Buffer[] = []
  #held = 0

  constructor(visit: LineVisitor, offset: number) {
    this.#visit = visit
    this.#offset = offset
  }

  feed(chunk: Buffer): void {
    let start = 0
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start)
      if (end < 0) break
      if (this.#held === 0) this.#visit(chunk, start, end, this.#offset + start)
      else this.#visitPieces(chunk.subarray(start, end), this.#offset + start)
      start = end + 1
    }
    if (start < chunk.length) {
      this.#pieces.push(Buffer.from(chunk.subarray(start)))
      this.#held += chunk.length - start
    }
    this.#offset += chunk.length
  }

  /** The last line may have no end. */
  finish(): void {
    if (this.#held > 0) this.#visitPieces(Buffer.alloc(0), this.#offset)
  }

  #visitPieces(last: Buffer, lastOffset: number): void {
    const line = Buffer.concat([...this.#pieces, last])
    const offset = lastOffset - this.#held
    this.#pieces = []
    this.#held = 0
    this.#visit(line, 0, line.length, offset)
  }
}
