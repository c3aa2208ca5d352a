/** Reads a raw header block (CRLF-separated lines) into lower-case names; values of a repeated name are joined by commas (RFC 9110 5.3). */
export function parseHeaderBlock(raw: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const line of raw.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon < 1) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return headers
}
