import type { Adapter, SourceFile } from './adapter.ts'
import { eachRecord, field, missing, optionalText, textOf } from './records.ts'

/** Its three files differ in the number of trigger words, which is the difficulty. */
export const notinject: Adapter = {
  name: 'notinject',
  reads: 'NotInject_one, _two and _three, JSON or Parquet: prompt, word_list, category',
  home: 'huggingface.co/datasets/leolee99/NotInject',
  licence: 'MIT',
  threat: 'none',
  convert: (files) =>
    eachRecord(files, (record, file) => {
      const text = textOf(record, 'prompt')
      if (text === '') return missing('prompt')
      return {
        text,
        label: 'benign',
        category: 'over_defense',
        subcategory: optionalText(record, 'category'),
        difficulty: difficultyOf(file),
        metadata: { triggerWords: field(record, 'word_list') },
      }
    }),
}

function difficultyOf({ name }: SourceFile): number | undefined {
  const word = /(one|two|three)/i.exec(name)?.[1]?.toLowerCase()
  const difficulty = ['one', 'two', 'three'].indexOf(word ?? '') + 1
  return difficulty === 0 ? undefined : difficulty
}
