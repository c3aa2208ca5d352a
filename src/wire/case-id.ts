/** One request of a probe, as the header for case ids names it. */
export interface CaseSend {
  readonly caseId: string
  /** Of the run, and of no other. */
  readonly run: string
  readonly endpoint: string
  /** From 0. */
  readonly caseIndex: number
  readonly repeat: number
  readonly attempt: number
}

/** Longest part of a case's own id: servers refuse heads of more than some 8 KiB. */
const MOST_ID = 120

/**
 * The value of the header for case ids: the case's id for people, then what makes it the only one of its kind, so that a
 * log that is older than the run never matches.
 */
export function caseIdValue(send: CaseSend): string {
  const { caseId, run, endpoint, caseIndex, repeat, attempt } = send
  return `${headerSafe(caseId).slice(0, MOST_ID)};run=${run};case=${caseIndex};endpoint=${headerSafe(endpoint)};repeat=${repeat};attempt=${attempt}`
}

/** An id as a header may carry it. */
export function headerSafe(id: string): string {
  // Half a character, which nothing can encode, becomes the replacement character.
  return /^[\x21-\x7e]+$/.test(id) ? id : encodeURIComponent(id.replaceAll(/\p{Cs}/gu, '\uFFFD'))
}
