/** What the server behind the proxy says of a case. */
export interface UpstreamEvidence {
  readonly reached: boolean
  /** The prompt that arrived is not the one that was sent. */
  readonly changed?: boolean | undefined
  /** What it answered; undefined where it does not say, or did not come to it. */
  readonly status?: number | undefined
}
