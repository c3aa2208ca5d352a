import { endToEndHeaders } from './hop-by-hop.ts'

/** Set by the client of the next hop; `expect` was answered already by the server that took the request. */
const NOT_FORWARDED = new Set(['host', 'expect'])

/**
 * The headers that a request goes on with: a flat list of names and values, in their order, case and number, without
 * those `dropped`, which are in lower case.
 */
export function forwardedHeaders(raw: readonly string[], dropped?: ReadonlySet<string>): string[] {
  const kept = endToEndHeaders(raw)
  return kept.filter((_, index) => {
    const name = (kept[index - (index % 2)] ?? '').toLowerCase()
    return !NOT_FORWARDED.has(name) && dropped?.has(name) !== true
  })
}

/** Whether a request's headers say that a body follows: RFC 9112 6.3. */
export function announcesBody(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** A reason phrase without what node refuses to send: undici reads it as UTF-8, and what is none becomes U+FFFD. */
export function sendableReason(reason = ''): string {
  return reason.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')
}

/** Raw headers, names and values in turn, as bytes or as text: undici gives either. */
export function flatHeaders(raw: unknown): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((item: string | Buffer) =>
    typeof item === 'string' ? item : item.toString('latin1'),
  )
}

/** Where a request's target lies at the upstream, whose URL may have a path; a `/v1` at its end is not doubled. */
export function joinUpstreamPath(basePath: string, target: string): string {
  const base = basePath.replace(/\/+$/, '')
  return `${target.startsWith('/v1/') ? base.replace(/\/v1$/, '') : base}${target}`
}
