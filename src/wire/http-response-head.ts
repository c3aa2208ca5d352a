/** How the end of a body is known: RFC 9112 6.3. */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' }

export interface ResponseHead {
  readonly status: number
  /** Header lines as received, CRLF-separated, without the status line; latin1. */
  readonly rawHeaders: string
  readonly framing: BodyFraming
  /** Whether the server lets the connection carry another request. */
  readonly keepAlive: boolean
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9][0-9]{2})(?: |$)/
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

interface FramingFields {
  contentLength: number | undefined
  transferEncoding: string | undefined
  connection: string
}

/**
 * Reads a response head, without its empty last line. Returns the reason as a string where the bytes are not an
 * HTTP/1.x response. `requestMethod` matters because a response to HEAD has no body whatever its headers say.
 */
export function readResponseHead(text: string, requestMethod: string): ResponseHead | string {
  const lineEnd = text.indexOf('\r\n')
  const statusLine = lineEnd === -1 ? text : text.slice(0, lineEnd)
  const rawHeaders = lineEnd === -1 ? '' : text.slice(lineEnd + 2)
  const match = STATUS_LINE.exec(statusLine)
  if (match === null) return 'not an HTTP/1.x status line'
  const status = Number(match[2])
  const fields = readFramingFields(rawHeaders)
  if (typeof fields === 'string') return fields
  const connection = fields.connection.toLowerCase()
  const framing = framingOf(fields, status, requestMethod)
  if (typeof framing === 'string') return framing
  const persistent =
    match[1] === '1' ? !connection.includes('close') : connection.includes('keep-alive')
  // Both framings at once is how responses are smuggled: chunked wins, the connection ends (RFC 9112 6.1).
  const ambiguous = fields.transferEncoding !== undefined && fields.contentLength !== undefined
  return {
    status,
    rawHeaders,
    framing,
    keepAlive: persistent && framing.kind !== 'close' && !ambiguous,
  }
}

function framingOf(
  fields: FramingFields,
  status: number,
  requestMethod: string,
): BodyFraming | string {
  if (status < 200 || status === 204 || status === 304 || requestMethod === 'HEAD')
    return { kind: 'none' }
  if (fields.transferEncoding !== undefined) {
    const codings = fields.transferEncoding.toLowerCase().split(',')
    return codings.at(-1)?.trim() === 'chunked' ? { kind: 'chunked' } : { kind: 'close' }
  }
  if (fields.contentLength !== undefined) {
    return fields.contentLength === 0
      ? { kind: 'none' }
      : { kind: 'length', bytes: fields.contentLength }
  }
  return { kind: 'close' }
}

function readFramingFields(rawHeaders: string): FramingFields | string {
  const fields: FramingFields = {
    contentLength: undefined,
    transferEncoding: undefined,
    connection: '',
  }
  for (let start = 0; start < rawHeaders.length;) {
    const next = rawHeaders.indexOf('\r\n', start)
    const end = next === -1 ? rawHeaders.length : next
    const problem = readField(rawHeaders.slice(start, end), fields)
    if (problem !== undefined) return problem
    start = end + 2
  }
  return fields
}

/** Takes one header line into `fields`; returns the reason when the line is no header. */
function readField(line: string, fields: FramingFields): string | undefined {
  const first = line.charCodeAt(0)
  // A folded line continues the one before; none of the three fields we read may be folded over lines usefully.
  if (first === 0x20 || first === 0x09) return 'folded header line'
  const colon = line.indexOf(':')
  if (colon <= 0) return 'header line without a name'
  // Only names of these lengths matter; the others are checked for being names at all.
  const name = line.slice(0, colon)
  if (!FIELD_NAME.test(name)) return 'header name is not a token'
  if (colon === 14 && name.toLowerCase() === 'content-length') {
    return takeContentLength(line.slice(colon + 1).trim(), fields)
  }
  if (colon === 17 && name.toLowerCase() === 'transfer-encoding') {
    const value = line.slice(colon + 1).trim()
    fields.transferEncoding =
      fields.transferEncoding === undefined ? value : `${fields.transferEncoding},${value}`
  } else if (colon === 10 && name.toLowerCase() === 'connection') {
    fields.connection += `,${line.slice(colon + 1)}`
  }
  return undefined
}

function takeContentLength(value: string, fields: FramingFields): string | undefined {
  for (const part of value.split(',')) {
    const digits = part.trim()
    if (!/^[0-9]{1,15}$/.test(digits)) return 'content-length is not a number'
    const bytes = Number(digits)
    if (fields.contentLength !== undefined && fields.contentLength !== bytes)
      return 'conflicting content-lengths'
    fields.contentLength = bytes
  }
  return undefined
}
