/** Something to doubt in a run: data beside the numbers, rendered by report. */
export interface Warning {
  readonly code:
    | 'errors'
    | 'throttled'
    | 'no-success'
    | 'reconnects'
    | 'client-saturated'
    | 'cold-client'
    | 'partial'
  /** What was seen, with its figure. */
  readonly message: string
  /** What to do about it: a flag to try. */
  readonly advice: string
}
