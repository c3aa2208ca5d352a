import type { Label } from '../../model/prompt.ts'
import type { Adapter } from './adapter.ts'
import { readLabel } from './labelled-text.ts'
import { eachRecord, field, missing, optionalText, type SourceRecord, textOf } from './records.ts'

const CONTRAST = 'contrast_'

/**
 * Safe prompts that sound unsafe, and unsafe ones in contrast to them. Where the two of a type are listed in the same
 * order and have the same focus, they are a pair.
 */
export const xstest: Adapter = {
  name: 'xstest',
  reads: 'xstest_prompts.csv: id, prompt, type, label, focus, note',
  home: 'github.com/paul-rottger/xstest',
  licence: 'CC-BY-4.0',
  threat: 'harm',
  convert: (files) => {
    const places = new Map<string, number>()
    return eachRecord(files, (record) => {
      const text = textOf(record, 'prompt')
      if (text === '') return missing('prompt')
      const type = textOf(record, 'type')
      const place = places.get(type) ?? 0
      places.set(type, place + 1)
      const focus = textOf(record, 'focus')
      return {
        text,
        label: labelOf(record, type),
        nativeId: optionalText(record, 'id'),
        category: 'over_defense',
        subcategory: type || undefined,
        // A key only: where no row of the other kind has the same, it is dropped.
        pairId: `${type.replace(CONTRAST, '')}/${place}/${focus}`,
        metadata: { focus: focus || undefined, note: field(record, 'note') },
      }
    })
  },
}

/** Files before version 2 have no label; the type tells it. */
function labelOf(record: SourceRecord, type: string): Label {
  const given = readLabel(field(record, 'label'), { safe: 'benign', unsafe: 'malicious' })
  return given ?? (type.startsWith(CONTRAST) ? 'malicious' : 'benign')
}
