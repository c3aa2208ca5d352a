import { Transform, type TransformCallback } from 'node:stream'

/** Of a longer body the prompt is not read; it goes through like any other. */
const MOST_KEPT_BYTES = 10 * 1024 * 1024

/** Passes a request's body on, unchanged and as it comes, and tells it when all of it has passed. */
export class RecordedBody extends Transform {
  private kept: Buffer[] = []
  private bytes = 0
  private passed = false
  private readonly onBody: (bytes: number, text: string | undefined) => void

  /** `onBody` is called once: with the length, and with the text of a body that came whole and is not too long. */
  constructor(onBody: (bytes: number, text: string | undefined) => void) {
    super()
    this.onBody = onBody
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += piece.length
    if (this.bytes <= MOST_KEPT_BYTES) this.kept.push(piece)
    else this.kept = []
    done(null, piece)
  }

  override _flush(done: TransformCallback): void {
    this.passed = true
    // The body's end goes on first: reading the prompt may take a millisecond, and nothing should wait for it.
    done()
    const whole = this.bytes <= MOST_KEPT_BYTES
    setImmediate(() =>
      this.onBody(this.bytes, whole ? Buffer.concat(this.kept).toString('utf8') : undefined),
    )
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.passed) this.onBody(this.bytes, undefined)
    done(error)
  }
}
