import { runPage } from '../analysis/run-page.ts'
import { UsageError } from '../model/usage-error.ts'
import { renderPage } from '../report/html/render-page.ts'
import type { RenderRun } from './run-format.ts'

/** A page with charts, in one file. */
export const render: RenderRun = ({ record, result }) => {
  if (record === undefined) {
    throw new UsageError(
      '--format html draws the samples, which a result file does not hold; give the file of --run-file',
    )
  }
  return `${renderPage(runPage(record, result))}\n`
}
