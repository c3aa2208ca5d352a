const BLANK_LINE = /\r?\n\r?\n|\r\r/g

/** Cuts a stream of bytes into its events, each with the blank line that ends it, as written. */
export class EventSplitter {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  private text = ''

  /** The events that these bytes complete. */
  push(bytes: Uint8Array): string[] {
    const before = this.text.length
    this.text += this.decoder.decode(bytes, { stream: true })
    const events: string[] = []
    let start = 0
    // What was looked at before holds no blank line, but may hold the beginning of one.
    BLANK_LINE.lastIndex = Math.max(0, before - 3)
    for (let end = BLANK_LINE.exec(this.text); end !== null; end = BLANK_LINE.exec(this.text)) {
      events.push(this.text.slice(start, BLANK_LINE.lastIndex))
      start = BLANK_LINE.lastIndex
    }
    this.text = this.text.slice(start)
    return events
  }

  /** What came after the last event; empty where nothing did. */
  rest(): string {
    const rest = this.text + this.decoder.decode()
    this.text = ''
    return rest
  }
}
