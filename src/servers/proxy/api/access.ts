import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from './api-error.ts'

/** Whether only this machine reaches a server that listens there. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return bare === 'localhost' || bare === '::1' || /^127(?:\.\d{1,3}){3}$/.test(bare)
}

/**
 * Throws ApiError where the asker may not read. With a key the request has to bear it. Without one the request has to
 * be addressed to this machine by its own name: a web page elsewhere can make a browser here resolve its name to
 * 127.0.0.1, but then it is its name that stands in `Host`.
 */
export function checkAccess(headers: IncomingHttpHeaders, apiKey: string | undefined): void {
  if (apiKey === undefined) {
    const host = (headers.host ?? '').replace(/:\d+$/, '')
    if (isLoopback(host)) return
    throw new ApiError(403, 'without an API key only requests to localhost are answered')
  }
  const [, given] = /^Bearer +(\S.*)$/i.exec(headers.authorization ?? '') ?? []
  if (given === undefined || !isSame(given, apiKey)) {
    throw new ApiError(401, 'the API key is missing or wrong; send it as Authorization: Bearer KEY')
  }
}

/** Takes as long whatever differs: of the digests, which are of one length. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
