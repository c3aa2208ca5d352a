import { evidence } from '../evidence.ts'
import { textAt } from '../../wire/json.ts'
import { blocked, errorRule, type Family, rule, typeOf } from './family.ts'

/** The bot's default line. Without a stream it is all that there is to know a block by. */
const REFUSAL = /^I'm sorry, I can[’']t respond to that\.?$/

export const nemo: Family = {
  name: 'nemo',
  title: 'NeMo Guardrails',
  kind: 'gateway',
  rules: [
    errorRule(
      'nemo/violation',
      // The name of the rail, such as `self check output`.
      ({ fields }) => (/\binput\b/.test(textAt(fields, 'param')) ? 'request' : 'response'),
      (error) => typeOf(error, 'guardrails_violation'),
    ),
    rule('nemo/bot-refusal', 'canned', ({ answer, status }) => {
      const said = answer.content.trim()
      return status === 200 && REFUSAL.test(said)
        ? blocked('request', evidence('text', 'choices[].message.content', said))
        : undefined
    }),
  ],
}
