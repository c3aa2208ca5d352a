import { capacityGoal, capacityTable } from '../../capacity-table.ts'
import { detectionReport } from '../../detection-tables.ts'
import { gateTable } from '../../gate-table.ts'
import type { Page } from '../../../model/page.ts'
import { runTables } from '../../run-report.ts'
import { html } from '../markup.ts'
import { markdownTableMarkup } from '../tables.ts'
import type { Section } from './section.ts'

export const tablesSection: Section = {
  id: 'tables',
  title: 'All figures',
  render(page) {
    const tables = tablesOf(page)
    if (tables.length === 0) return undefined
    return html`<p>
        The tables that the command prints, whole. n/a is what was not measured, with what it needs
        where that can be told.
      </p>
      ${tables.map((table) => markdownTableMarkup(table))}`
  },
}

function tablesOf({ run, capacity, probe }: Page): string[] {
  return [
    ...(run === undefined ? [] : runTables(run.result, run)),
    ...(capacity === undefined
      ? []
      : [capacityTable(capacity.capacities, capacityGoal(capacity.slo, capacity.share))]),
    ...(probe?.detection === undefined ? [] : splitTables(detectionReport(probe.detection))),
    ...(probe === undefined || probe.gates.length === 0 ? [] : [gateTable(probe.gates)]),
  ]
}

/** A report of several tables, each beginning with its heading. */
function splitTables(report: string): string[] {
  return report.split(/^(?=## )/m)
}
