import { evidence } from '../evidence.ts'
import type { ReplyView } from '../read-reply.ts'
import { recordAt, textAt } from '../../wire/json.ts'
import { blocked, type Family, rule } from './family.ts'

const ACTION = 'amazon-bedrock-guardrailAction'

/** The trace, where it was asked for, tells what was assessed. */
function stageOf({ objects }: ReplyView) {
  const traces = objects.flatMap((object) => [
    recordAt(object, 'trace', 'guardrail'),
    recordAt(object, 'metadata', 'trace', 'guardrail'),
    recordAt(object, 'amazon-bedrock-trace', 'guardrail'),
  ])
  const assessed = (key: string) => traces.some((trace) => trace !== undefined && key in trace)
  return assessed('inputAssessment') && !assessed('outputAssessments') ? 'request' : 'response'
}

export const bedrock: Family = {
  name: 'bedrock',
  title: 'AWS Bedrock Guardrails',
  kind: 'provider',
  rules: [
    rule('bedrock/converse', 'finish', (view) => {
      const reason = view.answer.finishReasons.find(
        (one) => one === 'guardrail_intervened' || one === 'content_filtered',
      )
      return reason && blocked(stageOf(view), evidence('finish-reason', 'stopReason', reason))
    }),
    rule('bedrock/invoke', 'explicit', (view) => {
      // Some clients look for the other spelling; one that some gateways may send.
      const action = view.objects
        .map((object) => textAt(object, ACTION))
        .find((one) => one === 'INTERVENED' || one === 'GUARDRAIL_INTERVENED')
      return action && blocked(stageOf(view), evidence('field', ACTION, action))
    }),
    rule('bedrock/apply', 'explicit', ({ objects }) => {
      const found = objects.find(
        (object) => object['action'] === 'GUARDRAIL_INTERVENED' && 'assessments' in object,
      )
      return found && blocked('request', evidence('field', 'action', found['action']))
    }),
  ],
}
