import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import { FINISH_REASONS, hasFlag } from '../model/stream.ts'
import type { Share } from '../model/stream-result.ts'
import { StreamAnswer, type StreamedMeasurement } from './stream-answer.ts'

/** Answers of the baseline to one prompt before its word is taken for what the model says. */
const CONSISTENT = 2

interface Content {
  readonly hash: number
  readonly letters: number
}

export interface ContentShares {
  /** Another text. */
  readonly altered: Estimate<Share>
  /** The same letters in another order. */
  readonly reordered: Estimate<Share>
}

/**
 * Whole answers of the candidate whose text is another than the baseline's to the same prompt. Judged only where all
 * whole answers of the baseline, at least two, agree: what a model says by chance is not the proxy's doing.
 */
export function compareContent(
  baseline: StreamedMeasurement,
  candidate: StreamedMeasurement,
): ContentShares {
  const expected = consistentContents(baseline)
  const answers = new StreamAnswer(candidate, candidate.stream)
  let of = 0
  let altered = 0
  let reordered = 0
  while (answers.next()) {
    const content = expected.get(answers.promptIndex)
    if (content === undefined || !isWhole(answers)) continue
    of += 1
    if (answers.contentHash === content.hash) continue
    if (answers.lettersHash === content.letters) reordered += 1
    else altered += 1
  }
  if (of > 0) {
    return {
      altered: measured({ count: altered, of }),
      reordered: measured({ count: reordered, of }),
    }
  }
  const reason = `no prompt has ${CONSISTENT} whole answers of the baseline that agree`
  return { altered: unmeasured(reason), reordered: unmeasured(reason) }
}

function consistentContents(measurement: StreamedMeasurement): Map<number, Content> {
  const seen = new Map<number, Content & { readonly answers: number; readonly agree: boolean }>()
  const answers = new StreamAnswer(measurement, measurement.stream)
  while (answers.next()) {
    if (!isWhole(answers)) continue
    const { promptIndex, contentHash: hash, lettersHash: letters } = answers
    const known = seen.get(promptIndex)
    seen.set(promptIndex, {
      hash,
      letters,
      answers: (known?.answers ?? 0) + 1,
      agree: known === undefined || (known.agree && known.hash === hash),
    })
  }
  return new Map([...seen].filter(([, one]) => one.agree && one.answers >= CONSISTENT))
}

function isWhole(answer: StreamAnswer): boolean {
  if (!answer.isAnswered || hasFlag(answer.flags, 'errorEvent')) return false
  return hasFlag(answer.flags, 'done') || FINISH_REASONS[answer.finishReason] !== 'none'
}
