import { ServerResponse } from 'node:http'
import { FaultyStream } from './faulty-stream.ts'
import type { StreamFaults } from './stream-faults.ts'

/**
 * The class of the server's responses, for `createServer`: streams of events leave it with the faults in them, whoever
 * wrote them, and every other answer as it is. Below all else that the proxy does, so that nothing there has to know of it.
 */
export function faultyResponse(faults: StreamFaults): typeof ServerResponse {
  class FaultyResponse extends ServerResponse {
    private stream: FaultyStream | undefined

    override writeHead(...given: unknown[]): this {
      const headers = given.at(-1)
      // forward.ts gives names and values in turn, as they came.
      if (Array.isArray(headers) && isEventStream(headers)) {
        this.stream = this.faulty()
        given = [...given.slice(0, -1), withoutLength(headers)]
      }
      return super.writeHead(...(given as Parameters<ServerResponse['writeHead']>))
    }

    override write(...given: unknown[]): boolean {
      const bytes = bytesOf(given[0])
      if (this.stream !== undefined && bytes !== undefined) return this.stream.write(bytes)
      return super.write(...(given as Parameters<ServerResponse['write']>))
    }

    override end(...given: unknown[]): this {
      if (this.stream === undefined) {
        return super.end(...(given as Parameters<ServerResponse['end']>))
      }
      const bytes = bytesOf(given[0])
      if (bytes !== undefined) this.stream.write(bytes)
      this.stream.end()
      return this
    }

    private faulty(): FaultyStream {
      const target = {
        write: (bytes: Uint8Array) => super.write(bytes),
        end: () => super.end(),
        once: (event: 'close', listener: () => void) => this.once(event, listener),
        needsDrain: () => this.writableNeedDrain,
        isClosed: () => this.destroyed,
      }
      return new FaultyStream(target, faults)
    }
  }
  // Generic in the request's class, which is node's own here.
  return FaultyResponse as typeof ServerResponse
}

function bytesOf(given: unknown): Uint8Array | undefined {
  if (typeof given === 'string') return Buffer.from(given)
  return given instanceof Uint8Array ? given : undefined
}

/** Events that can be read: compressed ones are left alone. */
function isEventStream(headers: readonly string[]): boolean {
  return (
    /^text\/event-stream\b/i.test(valueOf(headers, 'content-type')) &&
    /^(?:identity)?$/i.test(valueOf(headers, 'content-encoding'))
  )
}

function valueOf(headers: readonly string[], wanted: string): string {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === wanted)
  return at === -1 ? '' : (headers[at + 1] ?? '')
}

/** What comes in other bytes than were sent has another length. */
function withoutLength(headers: readonly string[]): string[] {
  return headers.filter(
    (_, index) => headers[index - (index % 2)]?.toLowerCase() !== 'content-length',
  )
}
