import { backwards, decodeWithin, isReadable, rotated13, unleeted, unspaced } from './decoders.ts'
import { Hints } from './hints.ts'
import { type Survey, survey } from './survey.ts'
import { type FoldedText, foldText } from './fold-text.ts'

/** A text that is to be searched: as it came, or what it holds once decoded. */
export interface View {
  readonly text: string
  /** How it was decoded, outermost first. */
  readonly chain: readonly string[]
  readonly folded: FoldedText
  readonly looks: Survey
}

const DEEPEST = 2
/** Over all views of one text: an encoding may not make more of it than this. */
const MOST_DECODED = 65_536
const MOST_VIEWS = 24

/** Words of English as they look rotated by 13 places, and backwards; several of them are no chance. */
const ROTATED = telling(['gur ', 'lbhe', 'naq ', 'sebz', 'cevag', 'ehyrf', 'vafgehp'])
const BACKWARDS = telling(['eht ', 'dna ', 'ruoy', 'uoy ', 'snoitcurt', 'edoc', 'etouq'])

/**
 * The views of a text, itself first. Two levels deep and bounded in number and size, so that encoding within encoding
 * costs whoever sends it more than us.
 */
export function* viewsOf(original: string): Generator<View> {
  const folded = foldText(original)
  const root: View = { text: folded.text, chain: [], folded, looks: survey(folded.text) }
  yield root
  const seen = new Set([root.text])
  let left = MOST_DECODED
  let count = 1
  let level: readonly View[] = [root]
  for (let depth = 1; depth <= DEEPEST && level.length > 0; depth += 1) {
    const next: View[] = []
    for (const view of level) {
      for (const { encoding, text } of readings(view, left)) {
        if (count >= MOST_VIEWS || left <= 0) return
        const inner = foldText(text)
        if (seen.has(inner.text)) continue
        seen.add(inner.text)
        left -= inner.text.length
        count += 1
        const chain = [...view.chain, encoding]
        const found = { text: inner.text, chain, folded: inner, looks: survey(inner.text) }
        next.push(found)
        yield found
      }
    }
    level = next
  }
}

interface Reading {
  readonly encoding: string
  readonly text: string
}

/** Other ways to read a text. */
function readings({ text, folded, chain, looks }: View, left: number): Reading[] {
  const found: Reading[] = [...decodeWithin(text, looks, left)]
  const hidden = folded.oddities?.hidden.trim() ?? ''
  if (hidden !== '') found.push({ encoding: 'tag-characters', text: hidden })
  const spaced = looks.spaced ? unspaced(text) : undefined
  if (spaced !== undefined) found.push({ encoding: 'letter-spacing', text: spaced })
  const leet = unleeted(text, looks)
  if (leet !== undefined) found.push({ encoding: 'leet', text: leet })
  const short = text.length <= left
  if (short && !chain.includes('rot13') && speaks(text, looks, ROTATED)) {
    found.push({ encoding: 'rot13', text: rotated13(text) })
  }
  if (short && !chain.includes('reversed') && speaks(text, looks, BACKWARDS)) {
    const turned = backwards(text)
    if (isReadable(turned)) found.push({ encoding: 'reversed', text: turned })
  }
  return found
}

interface Telling {
  readonly words: readonly string[]
  readonly hints: Hints
}

function telling(words: readonly string[]): Telling {
  return { words, hints: new Hints(words) }
}

/** Whether a text has two of these words. */
function speaks(text: string, { trigrams }: Survey, { words, hints }: Telling): boolean {
  if (hints.countIn(trigrams) < 2) return false
  let found = 0
  for (const word of words) {
    if (text.includes(word)) found += 1
    if (found === 2) return true
  }
  return false
}

/** Read with some of its characters replaced: most of it says what it said before. */
const IN_PLACE = new Set(['leet', 'letter-spacing', 'html-entity', 'escape'])

/** Whether a decoded text is the text around it too. */
export function isInPlace(chain: readonly string[]): boolean {
  return chain.length > 0 && chain.every((encoding) => IN_PLACE.has(encoding))
}
