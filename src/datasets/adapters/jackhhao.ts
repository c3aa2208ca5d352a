import type { Adapter } from './adapter.ts'
import { labelledText } from './labelled-text.ts'

export const jackhhao: Adapter = {
  name: 'jackhhao',
  reads: 'train and test, CSV: prompt, type (jailbreak or benign)',
  home: 'huggingface.co/datasets/jackhhao/jailbreak-classification',
  licence: 'not verified: see the card of the set',
  threat: 'jailbreak',
  convert: labelledText({
    text: 'prompt',
    label: 'type',
    labels: { jailbreak: 'malicious', benign: 'benign' },
    category: 'jailbreak',
  }),
}
