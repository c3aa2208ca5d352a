/** Reads a raw header block (CRLF-separated lines) into lower-case names; a repeated name keeps its first value. */
export function parseHeaderBlock(raw: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const line of raw.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon < 1) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim())
  }
  return headers
}
