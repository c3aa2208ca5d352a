/** Markup that is whole and escaped. Only `html` and `joined` make it, and `draw` for its drawings. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/** What may stand in a template. Nothing is printed for `undefined`, and texts are escaped. */
export type Printable = Html | string | number | undefined | readonly Printable[]

/**
 * Markup from a template: whatever is put in is escaped, unless it is markup already. Holds for text and for attribute
 * values in double quotes; a value belongs nowhere else, least of all into a tag's name or a style.
 */
export function html(
  pieces: { readonly raw: readonly string[] },
  ...values: readonly Printable[]
): Html {
  const text = pieces.raw.reduce(
    (soFar, piece, index) => soFar + printed(values[index - 1]) + unindented(piece),
    '',
  )
  return new Html(text)
}

/** A template is laid out for its reader; what is sent needs none of its indentation. */
function unindented(piece: string): string {
  return piece.replaceAll(/\s*\n\s*/g, '\n')
}

function printed(value: Printable): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map((one) => printed(one)).join('')
  return escapeText(String(value))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Control characters that HTML has no place for, halves of surrogate pairs, and what turns the reading direction. */
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]|\p{Cs}/gu

/** Text for an element or for an attribute in quotes. What cannot be printed shows as U+FFFD. */
export function escapeText(text: string): string {
  return text
    .replaceAll(UNPRINTABLE, '\uFFFD')
    .replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '')
}
