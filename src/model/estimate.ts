/** A number that was earned, or the reason why there is none. Absent is never 0. */
export type Estimate<T = number> =
  | { readonly value: T; readonly reason?: undefined }
  | { readonly value: undefined; readonly reason: string }

export function measured<T>(value: T): Estimate<T> {
  return { value }
}

export function unmeasured(reason: string): { readonly value: undefined; readonly reason: string } {
  return { value: undefined, reason }
}
