/** A number that was earned, or the reason why there is none. Absent is never 0. */
export type Estimate =
  | { readonly value: number; readonly reason?: undefined }
  | { readonly value: undefined; readonly reason: string }

export function measured(value: number): Estimate {
  return { value }
}

export function unmeasured(reason: string): Estimate {
  return { value: undefined, reason }
}
