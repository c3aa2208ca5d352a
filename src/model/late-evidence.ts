/** What came of asking the server behind the proxy. */
export interface UpstreamLogNote {
  /** Without secrets. */
  readonly url: string
  /** Entries that came in during the run. */
  readonly entries: number
  /** Attempts that the log speaks of, and those of which it says that they never arrived. */
  readonly reached: number
  readonly notReached: number
  /** Attempts that it says nothing about. */
  readonly unknown: number
  /** Whether cases were known by their header, or by their prompts where a proxy takes headers away. */
  readonly by: 'header' | 'prompt' | 'both' | 'nothing'
  /** Why it says less than it could. */
  readonly notes: readonly string[]
}

/** What came of asking the proxy for what it found. */
export interface FindingsNote {
  readonly source: string
  readonly url: string
  /** Attempts that were joined with a trace, of those that should have one. */
  readonly joined: number
  readonly expected: number
  /** By trace id, and by prompt. */
  readonly byTraceId: number
  readonly byPrompt: number
  /** Joined cases by what the client saw and what the proxy found. */
  readonly blockedFound: number
  readonly blockedNotFound: number
  readonly allowedFound: number
  readonly allowedNotFound: number
  /** Blocks of which the API knows nothing. */
  readonly silentBlocks: readonly string[]
  /** How often each type was found, most frequent first. */
  readonly types: readonly { readonly type: string; readonly traces: number }[]
  /** How long reading took until nothing changed any more. */
  readonly settledMs: number
  readonly notes: readonly string[]
}

/** What was asked after the run; a source that was not asked is absent. */
export interface EvidenceNotes {
  readonly upstreamLog?: UpstreamLogNote
  readonly findings?: FindingsNote
}
