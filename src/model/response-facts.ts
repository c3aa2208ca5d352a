/** What one answer says of itself: read from a sample of the answers, outside the timed path. */
export interface ResponseFacts {
  readonly sequence: number
  /** A header says that a cache answered. */
  readonly cacheHit: boolean
  /** Prompt tokens that the server took from its cache. */
  readonly cachedTokens: number
  /** Retries that a proxy admits to. */
  readonly retries: number
  readonly completionTokens: number | undefined
  /** Tells equal answers apart from different ones without keeping them. */
  readonly contentHash: string | undefined
  /** Cut off by max_tokens while the model was still reasoning: no content came. */
  readonly truncatedReasoning: boolean
  /** Latency that the proxy says it added, by the header or field that says so, ms. */
  readonly selfReport: { readonly source: string; readonly ms: number } | undefined
  /** Hops of a chain that told their time, outermost first; absent in run files from before they were read. */
  readonly hops?: readonly HopTime[] | undefined
}

/** What one hop told of one answer, ms. */
export interface HopTime {
  readonly name: string
  readonly totalMs: number
  /** The part spent waiting for what is behind it; absent for the last hop. */
  readonly upstreamMs?: number | undefined
}
