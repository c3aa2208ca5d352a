import type { Adapter } from './adapter.ts'
import { labelledText, ONE_IS_MALICIOUS } from './labelled-text.ts'

export const deepset: Adapter = {
  name: 'deepset',
  reads: 'train and test, Parquet or CSV: text, label',
  home: 'huggingface.co/datasets/deepset/prompt-injections',
  licence: 'Apache-2.0',
  threat: 'injection',
  convert: labelledText({
    text: 'text',
    label: 'label',
    labels: ONE_IS_MALICIOUS,
    category: 'prompt_injection',
  }),
}
