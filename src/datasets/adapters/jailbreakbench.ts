import type { Adapter } from './adapter.ts'
import { eachRecord, field, missing, optionalText, textOf } from './records.ts'

/** Harmful behaviours and a benign one on the topic of each, paired by index. */
export const jailbreakbench: Adapter = {
  name: 'jailbreakbench',
  reads:
    'harmful-behaviors.csv and benign-behaviors.csv: Index, Goal, Target, Behavior, Category, Source',
  home: 'huggingface.co/datasets/JailbreakBench/JBB-Behaviors',
  licence: 'MIT',
  threat: 'harm',
  convert: (files) =>
    eachRecord(files, (record, file, position) => {
      const text = textOf(record, 'Goal')
      if (text === '') return missing('Goal')
      const benign = /benign/i.test(file.name)
      const index = optionalText(record, 'Index') ?? String(position)
      return {
        text,
        label: benign ? 'benign' : 'malicious',
        nativeId: `${benign ? 'benign' : 'harmful'}-${index}`,
        category: 'harm',
        subcategory: optionalText(record, 'Category'),
        pairId: index,
        metadata: { behavior: field(record, 'Behavior'), originalSource: field(record, 'Source') },
      }
    }),
}
