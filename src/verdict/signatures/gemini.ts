import { evidence } from '../evidence.ts'
import { textAt } from '../../wire/json.ts'
import { blocked, type Family, finishRule, rule } from './family.ts'

export const gemini: Family = {
  name: 'gemini',
  title: 'Gemini, Vertex AI, Model Armor',
  kind: 'provider',
  rules: [
    rule('gemini/prompt-feedback', 'explicit', ({ objects }) => {
      const reason = objects
        .map((object) => textAt(object, 'promptFeedback', 'blockReason'))
        .find((one) => one !== '' && one !== 'BLOCK_REASON_UNSPECIFIED')
      return reason === undefined
        ? undefined
        : blocked('request', evidence('field', 'promptFeedback.blockReason', reason))
    }),
    finishRule('gemini/finish-reason', 'candidates[].finishReason', [
      'SAFETY',
      'RECITATION',
      'BLOCKLIST',
      'PROHIBITED_CONTENT',
      'SPII',
      'IMAGE_SAFETY',
      'MODEL_ARMOR',
    ]),
    rule('gemini/model-armor', 'explicit', ({ objects }) => {
      const state = objects
        .map((object) => textAt(object, 'sanitizationResult', 'filterMatchState'))
        .find((one) => one === 'MATCH_FOUND')
      const field = 'sanitizationResult.filterMatchState'
      return state && blocked('request', evidence('field', field, state))
    }),
  ],
}
