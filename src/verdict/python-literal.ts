const WORDS: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' }

/**
 * Rewrites Python's notation of a dict as JSON, as far as error messages have it: gateways written in Python print
 * a dict into a text. What it cannot read comes out as no JSON.
 */
export function pythonToJson(text: string): string {
  // Strings in either quotes, with escapes, or a word outside of them.
  return text.replaceAll(
    /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\b(?:True|False|None)\b/gs,
    (match: string, single: string | undefined, double: string | undefined) => {
      const content = single ?? double
      return content === undefined ? (WORDS[match] ?? match) : jsonString(content)
    },
  )
}

function jsonString(content: string): string {
  const plain = content.replaceAll(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|.)/gis, (_, escape: string) => {
    if (escape.length > 1) return String.fromCharCode(Number.parseInt(escape.slice(1), 16))
    return { n: '\n', r: '\r', t: '\t' }[escape] ?? escape
  })
  return JSON.stringify(plain)
}
