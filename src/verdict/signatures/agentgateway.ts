import { evidence } from '../evidence.ts'
import { blocked, codeOf, errorRule, type Family, rule, stageByContent, typeOf } from './family.ts'

/** The default; body, status and headers can be configured, and then a rule of the user is needed. */
const REJECTION = 'The request was rejected due to inappropriate content'

export const agentgateway: Family = {
  name: 'agentgateway',
  title: 'agentgateway, kgateway',
  kind: 'gateway',
  rules: [
    rule('agentgateway/rejection', 'explicit', ({ status, text }) =>
      status >= 400 && text.trim() === REJECTION
        ? blocked('request', evidence('text', 'body', REJECTION))
        : undefined,
    ),
    errorRule(
      'agentgateway/intervention',
      (_, view) => stageByContent(view),
      (error) => typeOf(error, 'guardrail_blocked') ?? codeOf(error, 'guardrail_intervention'),
    ),
  ],
}
