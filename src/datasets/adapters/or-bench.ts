import type { Adapter } from './adapter.ts'
import { eachRecord, missing, optionalText, textOf } from './records.ts'

/** Its files differ in label: only the one named toxic is harmful. */
export const orBench: Adapter = {
  name: 'or-bench',
  reads: 'or-bench-80k.csv, or-bench-hard-1k.csv, or-bench-toxic.csv: prompt, category',
  home: 'huggingface.co/datasets/bench-llm/or-bench',
  licence: 'CC-BY-4.0',
  threat: 'harm',
  convert: (files) =>
    eachRecord(files, (record, { name }) => {
      const text = textOf(record, 'prompt')
      if (text === '') return missing('prompt')
      return {
        text,
        label: /toxic/i.test(name) ? 'malicious' : 'benign',
        category: 'over_refusal',
        subcategory: optionalText(record, 'category'),
        difficulty: /hard/i.test(name) ? 3 : undefined,
      }
    }),
}
