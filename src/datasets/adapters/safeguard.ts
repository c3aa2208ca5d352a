import type { Adapter } from './adapter.ts'
import { labelledText, ONE_IS_MALICIOUS } from './labelled-text.ts'

export const safeguard: Adapter = {
  name: 'safeguard',
  reads: 'train and test, Parquet or CSV: text, label',
  home: 'huggingface.co/datasets/xTRam1/safe-guard-prompt-injection',
  licence: 'not stated: import only',
  threat: 'injection',
  convert: labelledText({
    text: 'text',
    label: 'label',
    labels: ONE_IS_MALICIOUS,
    category: 'prompt_injection',
  }),
}
