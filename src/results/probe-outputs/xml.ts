const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/**
 * Text for an attribute in double quotes, and for the content of an element. What XML 1.0 forbids even when it is escaped
 * (most control characters, halves of pairs, two non-characters) is written out, as `\u{1b}`.
 */
export function xmlText(text: string): string {
  return text.replaceAll(
    /[&<>"\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu,
    (one) => ESCAPES[one] ?? escapeCode(one.charCodeAt(0)),
  )
}

/** Tab, line feed and carriage return as they are would become blanks in an attribute. */
function escapeCode(code: number): string {
  const allowed = code === 9 || code === 10 || code === 13 || (code >= 0x7f && code < 0xd800)
  return allowed ? `&#${code};` : String.raw`\u{${code.toString(16)}}`
}

/** ` name="value"` for each that has one. */
export function xmlAttributes(values: Readonly<Record<string, string | number | undefined>>) {
  return Object.entries(values)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [` ${name}="${xmlText(String(value))}"`],
    )
    .join('')
}
