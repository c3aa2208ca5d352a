import { evidence } from '../evidence.ts'
import { listAt, recordAt, textAt } from '../../wire/json.ts'
import { errorRule, type Family } from './family.ts'

export const openrouter: Family = {
  name: 'openrouter',
  title: 'OpenRouter',
  kind: 'provider',
  rules: [
    // 403 is also what a key without permission gets; only moderation says what it flagged.
    errorRule('openrouter/moderation', 'request', ({ at, fields }) => {
      const reasons = listAt(fields, 'metadata', 'reasons')
      const told =
        recordAt(fields, 'metadata') &&
        (reasons.length > 0 || textAt(fields, 'metadata', 'flagged_input') !== '')
      return told ? evidence('field', `${at}.metadata.reasons`, reasons) : undefined
    }),
  ],
}
