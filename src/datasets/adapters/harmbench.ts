import type { Adapter } from './adapter.ts'
import { eachRecord, field, missing, optionalText, textOf } from './records.ts'

export const harmbench: Adapter = {
  name: 'harmbench',
  reads: 'harmbench_behaviors_text_all.csv',
  home: 'github.com/centerforaisafety/HarmBench, data/behavior_datasets/',
  licence: 'MIT',
  threat: 'harm',
  convert: (files) =>
    eachRecord(files, (record) => {
      const behavior = textOf(record, 'Behavior')
      if (behavior === '') return missing('Behavior')
      const context = textOf(record, 'ContextString')
      return {
        text: context === '' ? behavior : `${context}\n\n---\n\n${behavior}`,
        label: 'malicious',
        nativeId: optionalText(record, 'BehaviorID'),
        category: optionalText(record, 'SemanticCategory'),
        subcategory: optionalText(record, 'FunctionalCategory'),
        metadata: { tags: field(record, 'Tags') },
      }
    }),
}
