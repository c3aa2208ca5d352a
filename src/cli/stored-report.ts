import { storedPage } from '../analysis/stored-page.ts'
import type { Page } from '../model/page.ts'
import type { ReportOptions } from '../options/report-options.ts'
import { capacityGoal, capacityTable } from '../report/capacity-table.ts'
import { detectionReport } from '../report/detection-tables.ts'
import { gateTable } from '../report/gate-table.ts'
import { storedReport } from '../report/run-report.ts'
import { isCapacityFile, readCapacityFile } from '../results/read-capacity-file.ts'
import { isProbeFile, readProbeFile } from '../results/read-probe-file.ts'
import { parseResultJson, readResultFile } from '../results/read-result-file.ts'
import { readStoredRun } from '../results/read-stored-run.ts'
import { pageText } from './save-page.ts'

/**
 * The report of a file of `--output-json`: a load run's, a probe's or a capacity search's. It holds what its tables
 * were printed from, and no instants to compute anything else. Throws UsageError, naming `path`.
 */
export async function renderStored(
  path: string,
  text: string,
  format: ReportOptions['format'],
): Promise<string> {
  const value = parseResultJson(path, text)
  const page = typeof value === 'object' && value !== null ? specialPage(path, value) : undefined
  if (format === 'json') {
    // Reading it tells whether it is a file of ours.
    if (page === undefined) readResultFile(path, text)
    return text
  }
  if (format === 'html') return pageText(page ?? runPageOf(path, value))
  return page === undefined ? storedReport(readResultFile(path, text)) : tablesOf(page)
}

function specialPage(path: string, value: object): Page | undefined {
  if (isProbeFile(value)) return readProbeFile(path, value)
  return isCapacityFile(value) ? readCapacityFile(path, value) : undefined
}

function runPageOf(path: string, value: unknown): Page {
  const { sloMs, ...stored } = readStoredRun(path, value)
  return storedPage({ ...stored, slo: sloMs === undefined ? undefined : { e2eMs: sloMs } })
}

function tablesOf({ probe, capacity }: Page): string {
  if (capacity !== undefined) {
    return capacityTable(capacity.capacities, capacityGoal(capacity.slo, capacity.share))
  }
  const tables = [
    ...(probe?.detection === undefined ? [] : [detectionReport(probe.detection)]),
    ...(probe === undefined || probe.gates.length === 0 ? [] : [gateTable(probe.gates)]),
  ]
  return tables.length === 0 ? 'No dataset, so there is nothing to score.\n' : tables.join('\n')
}
