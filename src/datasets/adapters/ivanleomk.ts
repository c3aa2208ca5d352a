import type { Adapter } from './adapter.ts'
import { labelledText, ONE_IS_MALICIOUS } from './labelled-text.ts'

/** Holds all of deepset's texts: import one of the two, or let the suite `all` drop what is twice. */
export const ivanleomk: Adapter = {
  name: 'ivanleomk',
  reads: 'Parquet or CSV: text, label',
  home: 'huggingface.co/datasets/ivanleomk/prompt_injection_password',
  licence: 'not stated: import only',
  threat: 'injection',
  convert: labelledText({
    text: 'text',
    label: 'label',
    labels: ONE_IS_MALICIOUS,
    category: 'prompt_injection',
  }),
}
