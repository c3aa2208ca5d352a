/** Products whose API of findings can be read. */
export const FINDINGS_SOURCES = ['llmtrace'] as const

export type FindingsSourceName = (typeof FINDINGS_SOURCES)[number]

/** Something that a detector reported. */
export interface TraceFinding {
  readonly type: string
  /** As written, such as `High`. */
  readonly severity: string
}

/** A proxy's record of one exchange. */
export interface FoundTrace {
  readonly traceId: string
  /** As stored: the messages' texts, with their roles or without. */
  readonly prompt: string
  /** ms since 1970 by the proxy's clock. */
  readonly createdAt: number | undefined
  /** 0 to 100; undefined where nothing was scored. */
  readonly score: number | undefined
  readonly findings: readonly TraceFinding[]
}
