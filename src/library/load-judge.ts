import type { Judge, JudgeSetup } from '../engine/judging.ts'
import { groundOf } from '../model/ground.ts'
import { classify } from '../verdict/classify.ts'
import { isPlainAnswer, PLAIN_ANSWER } from '../verdict/plain-answer.ts'
import { replyOf } from './reply-of.ts'
import { readUserRules } from './read-user-rules.ts'

/** Judges the replies of load mode, each alone: what the endpoint without the proxy said is looked at afterwards. */
export function createLoadJudge({ model, prompts, blockedWhen }: JudgeSetup): Judge {
  const rules = readUserRules(blockedWhen)
  return (exchange, promptIndex) => {
    const reply = replyOf(exchange)
    // A rule of the user may be about anything.
    if (rules.length === 0 && isPlainAnswer(reply)) return PLAIN_ANSWER
    return groundOf(classify(reply, { model, prompt: prompts[promptIndex] ?? '' }, { rules }))
  }
}
