import { evidence } from '../evidence.ts'
import { textAt } from '../../wire/json.ts'
import { blocked, type Family, rule } from './family.ts'

const TRIGGERED = /^(input|output)_guardrail_triggered$/

export const databricks: Family = {
  name: 'databricks',
  title: 'Databricks AI Gateway',
  kind: 'gateway',
  rules: [
    rule('databricks/guardrail-triggered', 'explicit', ({ errors, objects, answer }) => {
      const told = [
        ...objects.map((object) => textAt(object, 'finishReason')),
        // As a rule the whole answer is JSON inside of the error's message.
        ...errors.map(({ fields }) => textAt(fields, 'finishReason')),
        ...answer.finishReasons,
      ].find((reason) => TRIGGERED.test(reason))
      if (told === undefined) return undefined
      const stage = told.startsWith('input') ? 'request' : 'response'
      return blocked(stage, evidence('finish-reason', 'finishReason', told))
    }),
  ],
}
