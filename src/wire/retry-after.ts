/**
 * How long a `Retry-After` value asks to wait, in ms: seconds, or the time until a date (RFC 9110 10.2.3); 0 for a date
 * that is past. Undefined where it is neither. `now` is ms since 1970.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  // A bare word or sign would be read as a date of some century.
  if (!/^[A-Z][a-z]{2},? .*\d{2}:\d{2}/.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
