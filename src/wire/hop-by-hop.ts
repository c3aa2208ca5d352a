/** Headers that concern one connection only (RFC 9110 7.6.1); the last three are obsolete but still sent. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
])

/**
 * The headers that an intermediary forwards: all but the hop-by-hop ones and those that Connection names. Takes and
 * gives a flat list of names and values; order, case and duplicates stay.
 */
export function endToEndHeaders(flat: readonly string[]): string[] {
  const named = new Set<string>()
  for (let index = 0; index + 1 < flat.length; index += 2) {
    if (flat[index]?.toLowerCase() !== 'connection') continue
    for (const name of flat[index + 1]?.split(',') ?? []) named.add(name.trim().toLowerCase())
  }
  const kept: string[] = []
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = flat[index] ?? ''
    const lower = name.toLowerCase()
    if (!HOP_BY_HOP.has(lower) && !named.has(lower)) kept.push(name, flat[index + 1] ?? '')
  }
  return kept
}
