import type { FinishReason } from '../../wire/chat-response.ts'
import { createRandom, integerBelow, type Random } from '../../stats/random.ts'

const WORDS =
  'a after again all also an answer any around as ask at back be because before between both bring build but by call can carry case change clear close come could day do down each early end enough every example fact few find first follow for from full gather give go good great ground hand have help here high hold home how if important in into is it just keep kind know large last late lead leave let light like line list little long look make many may mean measure more most move much must name near need never new next night no not note now number of off often old on once one only open or order other our out over own part people place plan point quiet read real reason right road round run same say second see seem send set several short should show side simple since small so some soon sound stand start state still stop such sure take tell than that the their them then there these they thing think this those through time to together too toward turn under until up use very view wait walk want was water way we well what when where which while who why will with within without word work world would write year yes yet you young'.split(
    ' ',
  )

/** More tokens than this are not made: with `ignore_eos` a client chooses how many, and each takes memory. */
export const MOST_TOKENS = 100_000

export interface Answer {
  /** What a reasoning model thinks first, one token each. */
  readonly reasoning: readonly string[]
  /** The answer itself, one token each, with the spaces between them. */
  readonly content: readonly string[]
  readonly finishReason: FinishReason
}

export interface AnswerRequest {
  readonly seed: number
  /** The conversation; the same one gets the same answer. */
  readonly messages: string
  readonly maxTokens: number | undefined
  /** Tokens to think before the answer. */
  readonly reasoning: number
  /** As long as `maxTokens` allows. */
  readonly ignoreEos: boolean
}

/**
 * The answer to these messages: the same for the same seed and messages, of 1 to 64 words taken as one token each,
 * cut at `maxTokens` as a model's is, what it thought first included.
 */
export function answerFor(request: AnswerRequest): Answer {
  const { seed, messages, maxTokens, ignoreEos } = request
  const random = createRandom(`${seed}/answer/${messages}`)
  const most = Math.min(maxTokens ?? MOST_TOKENS, MOST_TOKENS)
  const drawn = 1 + integerBelow(random, 64)
  const reasoning = Math.min(request.reasoning, most)
  const endless = ignoreEos && maxTokens !== undefined
  const count = Math.min(endless ? most : drawn, most - reasoning)
  return {
    reasoning: drawWords(createRandom(`${seed}/reasoning/${messages}`), reasoning),
    content: drawWords(random, count),
    finishReason: endless || count < drawn ? 'length' : 'stop',
  }
}

function drawWords(random: Random, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const word = WORDS[integerBelow(random, WORDS.length)] ?? 'yes'
    return index === 0 ? word : ` ${word}`
  })
}
