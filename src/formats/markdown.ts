import { markdownReport } from '../report/markdown-report.ts'
import { storedReport } from '../report/run-report.ts'
import type { RenderRun } from './run-format.ts'

/** A page with a heading and what was run. */
export const render: RenderRun = ({ record, result }) =>
  record === undefined ? storedReport(result) : markdownReport(record, result)
