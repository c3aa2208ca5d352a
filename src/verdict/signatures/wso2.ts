import type { Stage } from '../../model/verdict.ts'
import type { ErrorFacts } from '../error-facts.ts'
import { textAt } from '../../wire/json.ts'
import { codeOf, errorRule, type Family } from './family.ts'

function stageOf({ fields }: ErrorFacts): Stage {
  return textAt(fields, 'message', 'direction') === 'RESPONSE' ? 'response' : 'request'
}

export const wso2: Family = {
  name: 'wso2',
  title: 'WSO2 API Manager',
  kind: 'gateway',
  rules: [errorRule('wso2/guardrail', stageOf, (error) => codeOf(error, '900514'))],
}
