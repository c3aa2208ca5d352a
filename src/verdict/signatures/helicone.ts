import { codeOf, errorRule, type Family } from './family.ts'

export const helicone: Family = {
  name: 'helicone',
  title: 'Helicone',
  kind: 'gateway',
  rules: [
    errorRule('helicone/prompt-threat', 'request', (error) =>
      codeOf(error, 'PROMPT_THREAT_DETECTED', 'PROMPT_FLAGGED_FOR_MODERATION'),
    ),
  ],
}
