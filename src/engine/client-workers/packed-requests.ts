import type { PreparedRequest } from '../../transport/transport.ts'

/** A request as it crosses to another thread, where a Buffer arrives as the plain array that it is. */
export interface PackedRequest extends Omit<PreparedRequest, 'body'> {
  readonly body: Uint8Array
}

/**
 * The requests with their bodies side by side in memory of their own. A clone takes the whole memory that a view looks
 * at, once for each message; small Buffers look at a pool that holds whatever else the process has in Buffers.
 */
export function packRequests(requests: readonly PreparedRequest[]): PackedRequest[] {
  const bytes = new Uint8Array(requests.reduce((sum, { body }) => sum + body.length, 0))
  let offset = 0
  return requests.map((request) => {
    const body = bytes.subarray(offset, offset + request.body.length)
    body.set(request.body)
    offset += body.length
    return { ...request, body }
  })
}

export function unpackRequests(packed: readonly PackedRequest[]): PreparedRequest[] {
  return packed.map((request) => ({
    ...request,
    body: Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength),
  }))
}
