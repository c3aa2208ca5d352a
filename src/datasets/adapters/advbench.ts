import type { Adapter } from './adapter.ts'
import { eachRecord, field, missing, textOf } from './records.ts'

export const advbench: Adapter = {
  name: 'advbench',
  reads: 'harmful_behaviors.csv: goal, target',
  home: 'github.com/llm-attacks/llm-attacks, data/advbench/',
  licence: 'MIT',
  threat: 'harm',
  convert: (files) =>
    eachRecord(files, (record) => {
      const text = textOf(record, 'goal')
      if (text === '') return missing('goal')
      return {
        text,
        label: 'malicious',
        category: 'harm',
        metadata: { target: field(record, 'target') },
      }
    }),
}
