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
const COLON = 58
/** 1 for each character that may stand in a header name: RFC 9110 5.6.2. */
const TOKEN_CHARACTERS = Uint8Array.from({ length: 256 }, (_, code) =>
  /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(code)) ? 1 : 0,
)

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
    const problem = readField(rawHeaders, start, end, fields)
    if (problem !== undefined) return problem
    start = end + 2
  }
  return fields
}

/**
 * Takes the header line at `start` into `fields`; returns the reason when it is no header. Looks at the characters
 * where they are and cuts out only the values that matter: this is most of what reading a response costs.
 */
function readField(
  rawHeaders: string,
  start: number,
  end: number,
  fields: FramingFields,
): string | undefined {
  const first = rawHeaders.charCodeAt(start)
  // A folded line continues the one before; none of the three fields we read may be folded over lines usefully.
  if (first === 0x20 || first === 0x09) return 'folded header line'
  let colon = start
  while (colon < end && rawHeaders.charCodeAt(colon) !== COLON) {
    if (TOKEN_CHARACTERS[rawHeaders.charCodeAt(colon)] !== 1) return 'header name is not a token'
    colon += 1
  }
  if (colon === start || colon === end) return 'header line without a name'
  const length = colon - start
  // Only names of these lengths matter.
  if (length !== 10 && length !== 14 && length !== 17) return undefined
  const name = rawHeaders.slice(start, colon).toLowerCase()
  const value = rawHeaders.slice(colon + 1, end).trim()
  if (name === 'content-length') return takeContentLength(value, fields)
  if (name === 'connection') fields.connection += `,${value}`
  if (name === 'transfer-encoding') {
    fields.transferEncoding =
      fields.transferEncoding === undefined ? value : `${fields.transferEncoding},${value}`
  }
  return undefined
}

function takeContentLength(value: string, fields: FramingFields): string | undefined {
  for (const part of value.includes(',') ? value.split(',') : [value]) {
    const digits = part.trim()
    if (!/^[0-9]{1,15}$/.test(digits)) return 'content-length is not a number'
    const bytes = Number(digits)
    if (fields.contentLength !== undefined && fields.contentLength !== bytes)
      return 'conflicting content-lengths'
    fields.contentLength = bytes
  }
  return undefined
}
