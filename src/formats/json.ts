import { okLatencies } from '../analysis/latencies.ts'
import { buildResult } from '../results/result-file.ts'
import type { RenderRun } from './run-format.ts'

/** The result file: as it was saved, or built from the samples. */
export const render: RenderRun = ({ record, result, resultText }) => {
  if (record === undefined) return resultText ?? ''
  const latencies = record.measurements.map((measurement) => okLatencies(measurement))
  // The record brings its incidents itself.
  const warnings = result.warnings.filter((one) => !record.incidents.includes(one))
  const built = buildResult(record, { ...result, warnings }, latencies)
  return `${JSON.stringify(built, undefined, 1)}\n`
}
