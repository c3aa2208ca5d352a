import type { CapacityPart } from '../../../model/page.ts'
import { perSecondWords, percentWords, sloWords } from '../words.ts'
import type { Answer } from './answer.ts'

/** What a capacity search answers: how much of the baseline's capacity is left. */
export function capacityAnswer({ capacities, slo, share }: CapacityPart): Answer {
  const [baseline, ...others] = capacities
  const goal = `${sloWords(slo)} for ${percentWords(share)} of requests`
  const told = (others.length === 0 ? capacities : others).map(({ endpoint, rate }) => {
    if (rate.value === undefined) return `The capacity of ${endpoint} is not known: ${rate.reason}`
    const kept = `${endpoint} keeps ${goal} up to ${perSecondWords(rate.value)}`
    const whole = baseline?.rate.value
    if (endpoint === baseline?.endpoint || whole === undefined) return kept
    return `${kept}, ${percentWords(rate.value / whole)} of what ${baseline?.endpoint} can take`
  })
  const [sentence = 'No capacity was searched', ...rest] = told
  return {
    title: sentence,
    sentence: `${sentence}.`,
    further: [
      ...rest.map((one) => `${one}.`),
      ...capacities.flatMap(({ endpoint, limitedByClient }) =>
        limitedByClient
          ? [
              `At the rate that failed on ${endpoint} the client was late itself: the endpoint may do more. Try --client-workers 2.`,
            ]
          : [],
      ),
    ],
    table: undefined,
  }
}
