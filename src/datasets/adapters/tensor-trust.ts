import type { Adapter, SourceFile } from './adapter.ts'
import { eachRecord, field, missing, optionalText, textOf } from './records.ts'

/** A defence before and after what the attacker says; the access code is the secret. */
export const tensorTrust: Adapter = {
  name: 'tensor-trust',
  reads: 'hijacking_robustness_dataset.jsonl, extraction_robustness_dataset.jsonl',
  home: 'github.com/HumanCompatibleAI/tensor-trust-data, benchmarks/',
  licence: 'none stated: import only',
  threat: 'injection',
  convert: (files) =>
    eachRecord(files, (record, file) => {
      const text = textOf(record, 'attack')
      if (text === '') return missing('attack')
      const before = textOf(record, 'pre_prompt')
      const after = textOf(record, 'post_prompt')
      return {
        text,
        label: 'malicious',
        nativeId: optionalText(record, 'sample_id'),
        category: categoryOf(file),
        messages: [
          ...(before === '' ? [] : [{ role: 'system', content: before }]),
          { role: 'user', content: text },
          ...(after === '' ? [] : [{ role: 'system', content: after }]),
        ],
        metadata: { canary: field(record, 'access_code') },
      }
    }),
}

function categoryOf({ name }: SourceFile): string {
  return /extract/i.test(name) ? 'prompt_extraction' : 'prompt_hijacking'
}
