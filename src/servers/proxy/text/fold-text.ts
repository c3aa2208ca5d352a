import { unmask } from './confusables.ts'

// oxlint-disable-next-line no-control-regex -- NUL is where ASCII begins
const ONLY_ASCII = /^[\x00-\x7f]*$/

/** Zero-width and other characters that are there and not seen; soft hyphen, fillers and variation selectors among them. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
const BIDI_CONTROL = /[\u202a-\u202e\u2066-\u2069]/g
const TAG = /[\u{e0000}-\u{e007f}]/gu
/** Marks on Latin letters; those of other scripts are part of the word. */
const LATIN_MARKS = /([A-Za-z])\p{M}{1,16}/gu
/** What is beyond ASCII, with the letter that it may belong to: no form of Unicode joins more of ASCII to it. */
// oxlint-disable-next-line no-control-regex -- NUL is where ASCII begins
const BEYOND_ASCII = /[\x00-\x7f]?[^\x00-\x7f]+/g
/** Letters with marks, or marks: most text beyond ASCII has quotation marks and dashes only. */
const HAS_MARKS = /[\u00c0-\u024f\u1e00-\u1eff]|\p{M}/u
/** Runs that are shown from right to left although they are not. */
const REVERSED = /\u202e([^\u202c\u2066-\u2069\n]{1,2000})/g

/** What was in a text that its readers do not see. */
export interface Oddities {
  /** Zero-width and similar characters, without joiners within emoji. */
  readonly invisible: number
  /** Characters of Unicode's tag block. */
  readonly tags: number
  /** Text that tag characters spell. */
  readonly hidden: string
  /** Right-to-left overrides. */
  readonly overrides: number
  /** Words that mix scripts to look Latin. */
  readonly masked: number
  /** Combining marks beyond what languages write: letters buried in them. */
  readonly marks: number
}

export interface FoldedText {
  /** Comparable: NFKC, without what is invisible, Latin letters bare, look-alikes as what they look like. */
  readonly text: string
  readonly oddities: Oddities | undefined
}

/** Brings a text into the form that rules are written for, in its own case. ASCII, as most is, is returned as it is. */
export function foldText(original: string): FoldedText {
  if (ONLY_ASCII.test(original)) return { text: original, oddities: undefined }
  const overrides = original.match(/[\u202d\u202e]/g)?.length ?? 0
  const turned =
    overrides === 0 ? original : original.replaceAll(REVERSED, (_, run: string) => reversed(run))
  const tags = turned.match(TAG) ?? []
  const hidden = tags.length === 0 ? '' : spelledByTags(tags)
  const visible = turned.replaceAll(TAG, '').replaceAll(BIDI_CONTROL, '')
  // A joiner builds emoji, and letters of Indic and Arabic scripts.
  const invisible =
    visible.match(
      /(?<![\p{Emoji_Presentation}\p{Extended_Pictographic}\ufe0f\u0600-\u0dff])[\u00ad\u115f\u1160\u180e\u200b-\u200d\u2060-\u2064\u3164\ufeff](?![\u0600-\u0dff])/gu,
    )?.length ?? 0
  const composed = visible.replaceAll(INVISIBLE, '').normalize('NFKC')
  const { bare, marks } = HAS_MARKS.test(composed)
    ? unmarked(composed)
    : { bare: composed, marks: 0 }
  const { text, masked } = unmask(bare)
  const oddities = { invisible, tags: tags.length, hidden, overrides, masked, marks }
  const odd = invisible + tags.length + overrides + masked + marks > 0
  return { text, oddities: odd ? oddities : undefined }
}

/** Without the marks on Latin letters, and how many words were buried in them. */
function unmarked(composed: string): { bare: string; marks: number } {
  let beyond = 0
  const bare = composed.replaceAll(BEYOND_ASCII, (run) => {
    beyond += run.length
    return run.normalize('NFD').replaceAll(LATIN_MARKS, '$1').normalize('NFC')
  })
  return { bare, marks: beyond < LEAST_MARKED * LEAST_MARKS ? 0 : countMarks(composed) }
}

export function reversed(text: string): string {
  return Array.from(text).toReversed().join('')
}

function spelledByTags(tags: readonly string[]): string {
  return tags
    .map((tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0xe0020) - 0xe0000))
    .join('')
    .replaceAll(/[^\x20-\x7e]/g, ' ')
}

/** Fewer words with marks, and fewer letters with marks in them, are none that was buried. */
const LEAST_MARKED = 3
const LEAST_MARKS = 3

/** Words in which nearly every Latin letter has a mark, which no language does; 0 below three of them. */
function countMarks(composed: string): number {
  const words = composed.normalize('NFD').match(/(?:[A-Za-z][\u0300-\u036f]{1,4}){3,40}/g) ?? []
  return words.length >= LEAST_MARKED ? words.length : 0
}
