import { choice, path } from './kinds.ts'
import { option, optional, type OptionsOf } from './option-row.ts'

const REPORT = 'Report'

export const REPORT_OPTIONS = {
  format: option('format', choice(['text', 'markdown', 'json', 'html']), 'text', {
    group: REPORT,
    help: 'text: as the run printed it. markdown: with a heading and what was run. json: the result file. html: a page with charts, in one file.',
  }),
  output: optional('output', path, {
    group: REPORT,
    help: 'Write to this file instead of standard output.',
  }),
}

export type ReportOptions = OptionsOf<typeof REPORT_OPTIONS>
