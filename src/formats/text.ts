import { preamble } from '../report/preamble.ts'
import { runReport, storedReport } from '../report/run-report.ts'
import type { RenderRun } from './run-format.ts'

/** As the run printed it. A result file holds what its tables were printed from, and no more. */
export const render: RenderRun = ({ record, result }) =>
  record === undefined
    ? storedReport(result)
    : preamble(record, undefined) + runReport(result, record.measurements, record.settings)
