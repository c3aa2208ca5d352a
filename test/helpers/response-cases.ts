/** Response bytes and what a right reader makes of them. Shared by the reader's and the transports' tests. */
export interface ResponseCase {
  readonly name: string
  readonly bytes: string
  /** Whether the server closes the connection after the bytes. */
  readonly closes?: boolean
  readonly status: number
  readonly body: string
  readonly reusable: boolean
}

export const RESPONSE_CASES: readonly ResponseCase[] = [
  {
    name: 'content-length',
    bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    status: 200,
    body: 'hello',
    reusable: true,
  },
  {
    name: 'an empty body',
    bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
    status: 200,
    body: '',
    reusable: true,
  },
  {
    name: 'chunked with extension and trailer',
    bytes:
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n',
    status: 200,
    body: 'hello world',
    reusable: true,
  },
  {
    name: 'close-delimited',
    bytes: 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\nhello',
    closes: true,
    status: 200,
    body: 'hello',
    reusable: false,
  },
  {
    name: 'interim responses before the final one',
    bytes:
      'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    status: 200,
    body: 'ok',
    reusable: true,
  },
  {
    name: 'a 100 that nobody asked for',
    bytes: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    status: 200,
    body: 'ok',
    reusable: true,
  },
  {
    name: '204 without a body',
    bytes: 'HTTP/1.1 204 No Content\r\n\r\n',
    status: 204,
    body: '',
    reusable: true,
  },
  {
    name: 'connection: close with a length',
    bytes: 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok',
    closes: true,
    status: 200,
    body: 'ok',
    reusable: false,
  },
  {
    name: 'HTTP/1.0',
    bytes: 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok',
    closes: true,
    status: 200,
    body: 'ok',
    reusable: false,
  },
]
