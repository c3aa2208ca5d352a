import type { Adapter } from './adapter.ts'
import { labelledText, ONE_IS_MALICIOUS } from './labelled-text.ts'

export const pint: Adapter = {
  name: 'pint',
  reads: 'the YAML list of the benchmark: text, category, label (true or false)',
  home: 'github.com/lakeraai/pint-benchmark',
  licence: 'data on request',
  threat: 'injection',
  convert: labelledText({
    text: 'text',
    label: 'label',
    labels: ONE_IS_MALICIOUS,
    category: { column: 'category' },
  }),
}
