/**
 * Letters of Cyrillic, Greek, Armenian and others that look like Latin ones, lower case after folding. Chosen by what
 * fonts draw alike (Unicode TS 39 lists many more, most of which nobody could read as the Latin letter).
 */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аαạɑ',
  b: 'ЬвβƄ',
  c: 'сϲᴄ',
  d: 'ԁɗ',
  e: 'еєҽε',
  g: 'ɡց',
  h: 'һհн',
  i: 'іιɩı',
  j: 'јϳ',
  k: 'кκ',
  l: 'ӏⅼׁǀ',
  m: 'мⅿ',
  n: 'ոηп',
  o: 'оοօο',
  p: 'рρ',
  q: 'ԛգ',
  r: 'гᴦ',
  s: 'ѕꜱ',
  t: 'тτ',
  u: 'υսᴜ',
  v: 'νѵ',
  w: 'ԝωѡ',
  x: 'хχ',
  y: 'уγү',
  z: 'ᴢ',
}

const LATIN = new Map(
  Object.entries(LOOKALIKES).flatMap(([latin, others]) =>
    Array.from(others, (other) => [other, latin] as const),
  ),
)

const WORD = /[\p{L}\p{N}]+/gu
const OTHER_SCRIPT = /[\u0370-\u058f\u1d00-\u1d7f\ua730-\ua78f]/u

export interface Unmasked {
  readonly text: string
  /** Words that mix scripts so that they look like Latin ones. */
  readonly masked: number
}

/**
 * Replaces look-alikes by the Latin letters that they look like: in words that mix scripts, and where there are such
 * words also in those made of look-alikes alone. Russian or Greek text stays what it is.
 */
export function unmask(text: string): Unmasked {
  if (!OTHER_SCRIPT.test(text)) return { text, masked: 0 }
  let masked = 0
  const folded = text.replaceAll(WORD, (word) => {
    if (!OTHER_SCRIPT.test(word) || !/[a-z]/i.test(word)) return word
    const latin = latinOf(word)
    if (latin !== undefined) masked += 1
    return latin ?? word
  })
  if (masked === 0) return { text, masked }
  return {
    text: folded.replaceAll(WORD, (word) =>
      OTHER_SCRIPT.test(word) ? (latinOf(word) ?? word) : word,
    ),
    masked,
  }
}

/** The word in Latin letters; undefined where a letter of it looks like none. */
function latinOf(word: string): string | undefined {
  let latin = ''
  for (const character of word) {
    const plain = /[a-z0-9]/i.test(character) ? character : LATIN.get(character.toLowerCase())
    if (plain === undefined) return undefined
    latin += plain
  }
  return latin
}
