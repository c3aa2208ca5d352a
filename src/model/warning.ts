/** Something to doubt in a run: data beside the numbers, rendered by report. */
export interface Warning {
  readonly code:
    | 'errors'
    | 'throttled'
    | 'no-success'
    | 'blocks'
    | 'blocks-among-ok'
    | 'reconnects'
    | 'partial'
    | 'client-saturated'
    | 'cold-client'
    | 'schedule-lag'
    | 'held-back'
    | 'drift'
    | 'outlying-round'
    | 'few-samples'
    | 'baseline-saturated'
    | 'cache-hits'
    | 'hidden-retries'
    | 'token-mismatch'
    | 'content-mismatch'
    | 'truncated-reasoning'
    | 'self-report'
    | 'not-a-stream'
    | 'stream-truncated'
    | 'stream-error'
    | 'done-lost'
    | 'usage-lost'
    | 'role-frame'
    | 'broken-text'
    | 'broken-events'
    | 'buffered'
    | 'coalesced'
    | 'clumped'
    | 'content-altered'
    | 'biased-control'
    | 'imprecise'
    | 'storage'
  /** What was seen, with its figure. */
  readonly message: string
  /** What to do about it: a flag to try. */
  readonly advice: string
}
