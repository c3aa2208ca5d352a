import type { Adapter } from './adapter.ts'
import { eachRecord, field, missing, optionalText, textOf } from './records.ts'

export const ailuminate: Adapter = {
  name: 'ailuminate',
  reads: 'the demo prompt set, CSV: release_prompt_id, prompt_text, hazard, persona, locale',
  home: 'github.com/mlcommons/ailuminate',
  licence: 'CC-BY-4.0 by its README, Apache-2.0 by its LICENSE file',
  threat: 'harm',
  convert: (files) =>
    eachRecord(files, (record) => {
      const text = textOf(record, 'prompt_text')
      if (text === '') return missing('prompt_text')
      return {
        text,
        label: 'malicious',
        nativeId: optionalText(record, 'release_prompt_id'),
        category: optionalText(record, 'hazard'),
        subcategory: optionalText(record, 'persona'),
        language: optionalText(record, 'locale')?.replace('_', '-'),
        metadata: { promptHash: field(record, 'prompt_hash') },
      }
    }),
}
