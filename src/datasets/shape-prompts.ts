import type { CountSpec } from '../model/count-spec.ts'
import type { Prompt } from '../model/prompt.ts'
import { createRandom, integerBelow, type Random } from '../stats/random.ts'
import { drawCount } from './draw-count.ts'

/** Different shapes that a run cycles through: many enough for any percentile, few enough to be encoded ahead. */
const MOST_SHAPES = 1000

/** All are kept in memory, once as text and once as the request's bytes; beyond this they are cycled through earlier. */
const MOST_CHARACTERS = 64_000_000

/** The rule of thumb for English that needs no tokenizer. */
const CHARACTERS_PER_TOKEN = 4

export interface RequestShapes {
  readonly requests: number
  readonly seed: number
}

/** Prompts of about as many tokens as are drawn for each, counted as four characters a token. */
export function syntheticPrompts(spec: CountSpec, { requests, seed }: RequestShapes): Prompt[] {
  const lengths = createRandom(`${seed}/input-tokens`)
  const prompts: Prompt[] = []
  let characters = 0
  while (prompts.length < Math.min(requests, MOST_SHAPES) && characters < MOST_CHARACTERS) {
    const length = drawCount(spec, lengths) * CHARACTERS_PER_TOKEN
    // Words of its own from the first on, or a cache of prefixes would answer for the model.
    const text = wordsOf(length, createRandom(`${seed}/prompt/${prompts.length}`))
    prompts.push({ id: `synthetic-${prompts.length + 1}`, text })
    characters += length
  }
  return prompts
}

/** The prompts, each with a number of output tokens drawn for it; fewer than requests, they are repeated with others. */
export function withOutputTokens(
  prompts: readonly Prompt[],
  spec: CountSpec,
  { requests, seed }: RequestShapes,
): Prompt[] {
  const random = createRandom(`${seed}/output-tokens`)
  const length = Math.max(prompts.length, Math.min(requests, MOST_SHAPES))
  return Array.from({ length }, (_, index) => {
    const prompt = prompts[index % prompts.length]
    if (prompt === undefined) throw new Error('no prompts to shape')
    return { ...prompt, maxTokens: drawCount(spec, random) }
  })
}

const WORDS =
  'river stone market window garden letter winter summer number table orange silver bridge island forest music paper engine doctor teacher village mountain kitchen bottle pocket mirror candle ladder basket hammer button pencil carpet blanket lantern harbour station ticket journey weather morning evening answer question story picture colour animal flower shadow thunder copper cotton leather velvet marble timber gravel meadow valley desert ocean'.split(
    ' ',
  )

/** Words without meaning, cut to this many characters. */
function wordsOf(characters: number, random: Random): string {
  const words: string[] = []
  // The first word has no space before it.
  let length = -1
  while (length < characters) {
    const word = WORDS[integerBelow(random, WORDS.length)] ?? ''
    words.push(word)
    length += word.length + 1
  }
  return words.join(' ').slice(0, characters)
}
