import type { ServerResponse } from 'node:http'

/** Where the upstream's answer goes. */
export interface ResponseOutput {
  /** The head, with the headers that are to be sent on. */
  head(status: number, reason: string, headers: string[]): void
  /** Returns false where the upstream has to wait until the response drains. */
  write(chunk: Buffer): boolean
  end(): void
}

/** Sends the answer on as it comes. */
export class DirectOutput implements ResponseOutput {
  private readonly response: ServerResponse

  constructor(response: ServerResponse) {
    this.response = response
  }

  head(status: number, reason: string, headers: string[]): void {
    this.response.writeHead(status, reason, headers)
    this.response.flushHeaders()
  }

  write(chunk: Buffer): boolean {
    return this.response.write(chunk)
  }

  end(): void {
    this.response.end()
  }
}
