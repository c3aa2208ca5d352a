/** A named route under test: `target`, or `direct` and `proxy`, or more. Holds no secret, so it may be printed and stored. */
export interface Endpoint {
  readonly name: string
  /** Absolute http(s) URL of the chat-completions resource. */
  readonly url: string
  /** The endpoint that the others are compared with. */
  readonly baseline: boolean
  /** The baseline a second time, to see what no difference looks like: the A/A arm of a noise floor. */
  readonly control?: boolean
}
