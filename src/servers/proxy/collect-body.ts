import type { IncomingMessage } from 'node:http'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

export type CollectedBody =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }

/**
 * Reads a body whole, as long as it has no more than `mostBytes`. A longer one is read no further than that, and
 * neither is one that says so of itself. `then` is not called when the client leaves before.
 */
export function collectBody(
  request: IncomingMessage,
  mostBytes: number,
  then: (body: CollectedBody) => void,
): void {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) {
    then({ kind: 'too-large' })
    return
  }
  const pieces: Buffer[] = []
  let bytes = 0
  const take = (piece: Buffer) => {
    bytes += piece.length
    if (bytes <= mostBytes) {
      pieces.push(piece)
      return
    }
    request.off('data', take)
    request.off('end', finish)
    then({ kind: 'too-large' })
  }
  const finish = () => then({ kind: 'body', bytes: Buffer.concat(pieces) })
  request.on('data', take)
  request.on('end', finish)
}

/**
 * The text of a body, whatever it is compressed with. `then` gets undefined for what cannot be unpacked, or would be
 * larger than `mostBytes` when it is.
 */
export function bodyText(
  bytes: Buffer,
  encoding: string | undefined,
  mostBytes: number,
  then: (text: string | undefined) => void,
): void {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') {
    then(bytes.toString('utf8'))
    return
  }
  const unpack = UNPACKERS[name]
  if (unpack === undefined) {
    then(undefined)
    return
  }
  unpack(bytes, { maxOutputLength: mostBytes }, (error, unpacked) => {
    then(error === null ? unpacked.toString('utf8') : undefined)
  })
}

type Unpack = (
  bytes: Buffer,
  options: { readonly maxOutputLength: number },
  then: (error: Error | null, unpacked: Buffer) => void,
) => void

const UNPACKERS: Readonly<Record<string, Unpack>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompress,
}
