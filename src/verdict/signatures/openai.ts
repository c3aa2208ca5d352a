import { codeOf, errorRule, type Family, finishRule } from './family.ts'

export const openai: Family = {
  name: 'openai',
  title: 'OpenAI, and all who speak like it',
  kind: 'provider',
  rules: [
    errorRule('openai/invalid-prompt', 'request', (error) =>
      codeOf(error, 'invalid_prompt', 'content_policy_violation'),
    ),
    // Proxies end answers in the same words. Whose it was only the direct answer tells.
    finishRule('openai/content-filter', 'finish_reason', ['content_filter']),
  ],
}
