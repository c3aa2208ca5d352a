import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import type { Arrival } from '../../wire/arrival.ts'

/** Appends arrivals to a file, one JSON a line. Writing is node's affair: a request never waits for the disk. */
export class LogFile {
  private readonly stream: WriteStream
  private broken = false

  private constructor(stream: WriteStream, onFailure: (error: Error) => void) {
    this.stream = stream
    stream.on('error', (error) => {
      if (!this.broken) onFailure(error)
      this.broken = true
    })
  }

  /** Rejects when the file cannot be opened; `onFailure` is called once when it can no longer be written. */
  static async open(path: string, onFailure: (error: Error) => void): Promise<LogFile> {
    const stream = createWriteStream(path, { flags: 'a' })
    await once(stream, 'open')
    return new LogFile(stream, onFailure)
  }

  append(arrival: Arrival): void {
    if (!this.broken) this.stream.write(`${JSON.stringify(arrival)}\n`)
  }

  /** Writes out what is left. */
  async close(): Promise<void> {
    if (this.stream.closed) return
    const closed = once(this.stream, 'close')
    this.stream.end()
    await closed
  }
}
