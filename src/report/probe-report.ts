import type { AgainstRun, ProbeAnalysis } from '../model/probe-analysis.ts'
import type { ProbedCase } from '../model/probe.ts'
import { detectionReport } from './detection-tables.ts'
import { disagreementTable } from './disagreement-table.ts'
import { gateTable } from './gate-table.ts'
import { probeLatencyTable } from './probe-latency-table.ts'
import { probeSummary } from './probe-summary.ts'
import { verdictComparisonTable } from './verdict-comparison-table.ts'

/** Everything that stands below the rows of a probe. Ends in a line break. */
export function probeReport(
  probed: readonly ProbedCase[],
  { detection, gates, latency, disagreement, against }: ProbeAnalysis,
): string {
  return [
    probeSummary(probed),
    detection === undefined ? '' : detectionReport(detection),
    probeLatencyTable(latency),
    disagreement === undefined ? '' : disagreementTable(disagreement),
    against === undefined ? '' : againstReport(against),
    gateTable(gates),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function againstReport({ file, startedAt, overlapping, otherPrompt, comparison }: AgainstRun) {
  const other =
    otherPrompt === 0 ? '' : ` ${otherPrompt} have another prompt under the same id: not compared.`
  const source = `Before: ${file}, started ${startedAt}. ${overlapping} cases of this run are in it.${other}\n`
  return `${verdictComparisonTable(comparison)}\n${source}`
}
