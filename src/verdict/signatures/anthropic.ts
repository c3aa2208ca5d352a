import { type Family, finishRule } from './family.ts'

export const anthropic: Family = {
  name: 'anthropic',
  title: 'Anthropic',
  kind: 'provider',
  // Set by classifiers that watch the answer, not by the model that writes it.
  rules: [finishRule('anthropic/refusal', 'stop_reason', ['refusal'])],
}
