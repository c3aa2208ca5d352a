import type { Adapter } from './adapter.ts'
import { labelledText } from './labelled-text.ts'

export const qualifire: Adapter = {
  name: 'qualifire',
  reads: 'CSV or Parquet: text, label (jailbreak or benign)',
  home: 'huggingface.co/datasets/rogue-security/prompt-injections-benchmark',
  licence: 'CC-BY-NC-4.0, gated: not for commercial use',
  threat: 'jailbreak',
  convert: labelledText({
    text: 'text',
    label: 'label',
    labels: { jailbreak: 'malicious', benign: 'benign' },
    category: 'jailbreak',
  }),
}
