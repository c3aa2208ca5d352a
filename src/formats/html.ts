import { runPage } from '../analysis/run-page.ts'
import { storedPage } from '../analysis/stored-page.ts'
import type { Page } from '../model/page.ts'
import { renderPage } from '../report/html/render-page.ts'
import { readProbeFile } from '../results/read-probe-file.ts'
import { parseResultFile } from '../results/read-result-file.ts'
import { readStoredRun } from '../results/read-stored-run.ts'
import type { RenderRun } from './run-format.ts'
import type { SavedRun } from './saved-run.ts'

/** A page with charts, in one file. */
export const render: RenderRun = async (run) => `${(await renderPage(pageOf(run))).trimEnd()}\n`

function pageOf({ record, result, resultText = '', arms = [], capacity }: SavedRun): Page {
  if (record !== undefined) return runPage(record, result)
  // Messages about the file have named it when it was first read.
  const probe = readProbeFile('the file', resultText)
  if (probe !== undefined) return probe
  if (capacity !== undefined) return capacity
  const stored = readStoredRun(parseResultFile('the file', resultText))
  return storedPage({ ...stored, latencies: arms.map(({ latencies }) => latencies) })
}
