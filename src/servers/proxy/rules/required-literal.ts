/** What ends a stretch of plain characters: a group, a class, or a single step of an expression. */
const PART = /\((?:\\.|\[(?:\\.|[^\]\\])*\]|[^()\\[])*\)|\[(?:\\.|[^\]\\])*\]|\\[\s\S]|[\s\S]/gy
/** Alternatives, a parenthesis alone, which is one of nested groups, and escapes that are longer. */
const UNREAD = /^(?:[|()]|\\[pPuxck0-9])$/
const QUANTIFIER = /[?*+]\??|\{\d+(?:,\d*)?\}\??/y
const SHORTEST = 3

/**
 * The longest text that every match of an expression holds, in lower case; undefined where none of at least three
 * characters is plain to see. Knows no alternatives at the top and no groups within groups: of such it says nothing.
 */
export function requiredLiteral(source: string): string | undefined {
  let longest = ''
  let run = ''
  const endRun = () => {
    if (run.length > longest.length) longest = run
    run = ''
  }
  for (let at = 0; at < source.length;) {
    const part = partAt(PART, source, at)
    if (part === '' || UNREAD.test(part)) return undefined
    at += part.length
    const quantifier = partAt(QUANTIFIER, source, at)
    at += quantifier.length
    const plain = quantifier === '' ? plainText(part) : undefined
    if (plain === undefined) endRun()
    else run += plain
  }
  endRun()
  return longest.length < SHORTEST ? undefined : longest.toLowerCase()
}

function partAt(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0] ?? ''
}

/** What a part stands for, if it is that and nothing else. */
function plainText(part: string): string | undefined {
  if (part === '\\b') return ''
  if (/^\\[^\w\s]$/.test(part)) return part.slice(1)
  return /^[\w\s"'`<>=:;,!#@%&~/-]$/.test(part) ? part : undefined
}
