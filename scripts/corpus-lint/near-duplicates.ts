import { contentText } from '../../src/datasets/content.ts'
import type { Prompt } from '../../src/model/prompt.ts'

const GRAM = 8

export interface NearDuplicate {
  readonly first: Prompt
  readonly second: Prompt
  /** Share of the shorter one's grams that are in the other too. */
  readonly overlap: number
}

/** Pairs of rows that share more than `most` of their runs of eight words; most alike first. */
export function nearDuplicates(prompts: readonly Prompt[], most: number): NearDuplicate[] {
  const grams = prompts.map((prompt) => gramsOf(contentText(prompt)))
  const holders = new Map<string, number[]>()
  for (const [index, own] of grams.entries()) {
    for (const gram of own) holders.set(gram, [...(holders.get(gram) ?? []), index])
  }
  const shared = new Map<string, number>()
  for (const indexes of holders.values()) {
    for (const [place, first] of indexes.entries()) {
      for (const second of indexes.slice(place + 1)) {
        const key = `${first}/${second}`
        shared.set(key, (shared.get(key) ?? 0) + 1)
      }
    }
  }
  const found = Array.from(shared, ([key, count]) => {
    const [first = 0, second = 0] = key.split('/').map(Number)
    const shorter = Math.min(grams[first]?.size ?? 0, grams[second]?.size ?? 0)
    return {
      first: prompts[first] as Prompt,
      second: prompts[second] as Prompt,
      overlap: count / shorter,
    }
  })
  return found
    .filter(({ overlap }) => overlap > most)
    .toSorted((one, other) => other.overlap - one.overlap)
}

/** A text of fewer than eight words is one run; one without words, such as of emoji alone, is itself. */
function gramsOf(text: string): Set<string> {
  const words = wordsOf(text)
  if (words.length === 0) return new Set([text])
  if (words.length < GRAM) return new Set([words.join(' ')])
  return new Set(
    Array.from({ length: words.length - GRAM + 1 }, (_, index) =>
      words.slice(index, index + GRAM).join(' '),
    ),
  )
}

/** Scripts that write no spaces are taken letter by letter. */
function wordsOf(text: string): readonly string[] {
  const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+/gu
  return text.toLowerCase().match(word) ?? []
}
