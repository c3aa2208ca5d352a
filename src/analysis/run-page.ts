import type { Measurement } from '../model/measurement.ts'
import type { Failures, Page, PageHead } from '../model/page.ts'
import type { Result } from '../model/result.ts'
import type { RunHead, RunRecord } from '../model/run-record.ts'
import type { Summary } from '../model/summary.ts'
import { chartsOf } from './chart-data.ts'

/** A run as a page shows it. `result` has the run's incidents among its warnings. */
export function runPage(record: RunRecord, result: Result): Page {
  const { measurements, settings } = record
  return {
    head: pageHead(record, record.partial),
    run: {
      result,
      charts: chartsOf(measurements),
      failures: failuresOf(result.summaries, measurements),
      primaryMetric: settings.primaryMetric,
      slo: settings.slo,
      pValues: settings.pValues,
    },
  }
}

/** What a page says of how a run was made. */
export function pageHead(head: RunHead, partial: boolean): PageHead {
  const { plan, settings, node, platform, client, clientWorkers } = head
  return {
    tool: head.tool,
    startedAt: head.startedAt,
    endpoints: plan.endpoints,
    spec: head.spec,
    hasToken: head.hasToken,
    agentId: head.agentId,
    partial,
    plan,
    machine: { node, platform, client, clientWorkers },
    keepAlive: settings.keepAlive,
    selfWarmup: settings.selfWarmup,
    dataset: head.dataset,
  }
}

function failuresOf(
  summaries: readonly Summary[],
  measurements: readonly Measurement[],
): Failures[] {
  return summaries.flatMap(({ endpoint, level, requests, outcomes }, index) => {
    const bad = Object.entries(outcomes).filter(([kind]) => kind !== 'ok')
    const examples = measurements[index]?.errorExamples ?? []
    return bad.length === 0 ? [] : [{ endpoint, level, requests, outcomes, examples }]
  })
}
