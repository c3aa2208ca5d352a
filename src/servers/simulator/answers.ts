import type { FinishReason } from '../../wire/chat-response.ts'
import { createRandom, integerBelow } from '../../stats/random.ts'

const WORDS =
  'a after again all also an answer any around as ask at back be because before between both bring build but by call can carry case change clear close come could day do down each early end enough every example fact few find first follow for from full gather give go good great ground hand have help here high hold home how if important in into is it just keep kind know large last late lead leave let light like line list little long look make many may mean measure more most move much must name near need never new next night no not note now number of off often old on once one only open or order other our out over own part people place plan point quiet read real reason right road round run same say second see seem send set several short should show side simple since small so some soon sound stand start state still stop such sure take tell than that the their them then there these they thing think this those through time to together too toward turn under until up use very view wait walk want was water way we well what when where which while who why will with within without word work world would write year yes yet you young'.split(
    ' ',
  )

export interface Answer {
  readonly words: readonly string[]
  readonly finishReason: FinishReason
}

/**
 * The answer to these messages: the same for the same seed and messages, of 1 to 64 words taken as one token each,
 * cut at `maxTokens` as a model's is.
 */
export function answerFor(seed: number, messages: string, maxTokens: number | undefined): Answer {
  const random = createRandom(`${seed}/answer/${messages}`)
  const wanted = 1 + integerBelow(random, 64)
  const count = Math.min(wanted, maxTokens ?? wanted)
  const words = Array.from(
    { length: count },
    () => WORDS[integerBelow(random, WORDS.length)] ?? 'yes',
  )
  return { words, finishReason: count < wanted ? 'length' : 'stop' }
}
