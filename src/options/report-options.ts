import { FORMAT_NAMES, RUN_FORMATS } from '../formats/index.ts'
import { EXPORT_OPTIONS } from './export-options.ts'
import { choice, flag, path } from './kinds.ts'
import { option, optional, type OptionsOf } from './option-row.ts'

const REPORT = 'Report'

const FORMATS = FORMAT_NAMES.map((name) => `${name}: ${RUN_FORMATS[name].help}.`)

export const REPORT_OPTIONS = {
  format: option('format', choice(FORMAT_NAMES, '<format>'), 'text', {
    group: REPORT,
    help: FORMATS.join(' '),
  }),
  samples: option('samples', flag, false, {
    group: REPORT,
    help: 'Every request instead of the summary, where the format has both (csv).',
  }),
  output: optional('output', path, {
    group: REPORT,
    help: 'Write to this file instead of standard output.',
  }),
  ...EXPORT_OPTIONS,
}

export type ReportOptions = OptionsOf<typeof REPORT_OPTIONS>
