/** What a request's head says, without the headers that follow from the connection and the body. */
export interface RequestHead {
  readonly method: string
  /** Origin-form target: path and query. */
  readonly target: string
  readonly host: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly bodyBytes: number
  readonly keepAlive: boolean
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// Visible characters, space, tab and obs-text: RFC 9110 5.5. CR, LF and NUL would let a value write a header of its own.
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const TARGET = /^[\x21-\x7e]+$/

/** Encodes a request head as HTTP/1.1 text (latin1). Throws RangeError, without the value, on what cannot be sent. */
export function encodeRequestHead(head: RequestHead): string {
  if (!TOKEN.test(head.method)) throw new RangeError('request method is not a token')
  if (!TARGET.test(head.target))
    throw new RangeError('request target holds a space or control character')
  const lines = [`${head.method} ${head.target} HTTP/1.1`, `host: ${head.host}`]
  for (const [name, value] of head.headers) {
    assertHeader(name, value)
    lines.push(`${name}: ${value}`)
  }
  lines.push(`content-length: ${head.bodyBytes}`)
  if (!head.keepAlive) lines.push('connection: close')
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Throws RangeError when a header cannot be sent as it is; the message names the header, never its value. */
export function assertHeader(name: string, value: string): void {
  if (!TOKEN.test(name)) throw new RangeError(`header name ${JSON.stringify(name)} is not a token`)
  if (!FIELD_VALUE.test(value)) {
    throw new RangeError(`value of header ${name} holds a control or non-latin1 character`)
  }
}
