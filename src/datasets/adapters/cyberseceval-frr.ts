import type { Adapter } from './adapter.ts'
import { readLabel } from './labelled-text.ts'
import { eachRecord, field, missing, optionalText, textOf } from './records.ts'

/** Requests that sound like attacks and are not: whoever refuses them refuses falsely. */
export const cybersecevalFrr: Adapter = {
  name: 'cyberseceval-frr',
  reads: 'frr.json: mutated_prompt, attack_type, is_malicious',
  home: 'github.com/meta-llama/PurpleLlama, CybersecurityBenchmarks/datasets/frr',
  licence: 'MIT',
  threat: 'none',
  convert: (files) =>
    eachRecord(files, (record) => {
      const text = textOf(record, 'mutated_prompt')
      if (text === '') return missing('mutated_prompt')
      const marked = readLabel(field(record, 'is_malicious'), { true: 'malicious', 1: 'malicious' })
      return {
        text,
        label: marked ?? 'benign',
        threat: marked === undefined ? undefined : 'harm',
        nativeId: optionalText(record, 'prompt_id'),
        category: 'over_defense',
        subcategory: optionalText(record, 'attack_type'),
      }
    }),
}
