import type { HistoryPoint, HistorySeries, RunHistory } from '../model/run-history.ts'
import { nameNumber } from '../model/run-numbers.ts'
import { alignedRows } from './aligned-table.ts'
import { Footnotes } from './footnotes.ts'
import { formatEstimate, formatFine } from './format.ts'
import { markdownTable } from './markdown-table.ts'
import { plural } from './plural.ts'
import { printable } from './printable.ts'
import { showChange } from './run-comparison-report.ts'
import { sparkline } from './sparkline.ts'

const CHANGE_NOTE =
  "A change is marked where the 95 % interval of the difference from the run before does not hold 0. Runs were not interleaved: it may be the machine's."

/** The history for a terminal: a line of bars a number, and below it run by run. */
export function runHistoryText(history: RunHistory): string {
  const footnotes = new Footnotes()
  const parts = history.series.map((series) => {
    const rows = series.points.map((point) => [
      '',
      ...cellsOf(history, series, { point, footnotes }),
    ])
    return `${titleOf(history, series)}\n${alignedRows(rows)}`
  })
  return [headOf(history), ...parts, tailOf(history, footnotes)].join('\n')
}

/** The same as a Markdown page. */
export function runHistoryMarkdown(history: RunHistory): string {
  const footnotes = new Footnotes()
  const header = ['started', 'run', 'value', 'change', 'marked']
  const parts = history.series.map((series) => {
    const rows = series.points.map((point) => cellsOf(history, series, { point, footnotes }))
    return `## ${titleOf(history, series)}\n\n${markdownTable(header, rows, 2)}\n`
  })
  const tail = tailOf(history, footnotes).trimEnd().split('\n').join('\n\n')
  return `# History of saved runs\n\n${[headOf(history), ...parts, `${tail}\n`].join('\n')}`
}

function headOf({ runs, unreadable }: RunHistory): string {
  const left = unreadable.length === 0 ? '' : `; not read: ${plural(unreadable.length, 'file')}`
  return `${plural(runs.length, 'run')} in order of their start${left}\n`
}

function titleOf({ runs }: RunHistory, series: HistorySeries): string {
  const values = runs.map((_, index) => series.points.find(({ run }) => run === index)?.value.value)
  return `${series.metric} of ${nameNumber(series)}  ${sparkline(values)}`.trimEnd()
}

interface Shown {
  readonly point: HistoryPoint
  readonly footnotes: Footnotes
}

function cellsOf(
  { runs }: RunHistory,
  { metric }: HistorySeries,
  { point, footnotes }: Shown,
): string[] {
  const run = runs[point.run]
  const unit = metric === 'ok_rps' ? 'rps' : 'ms'
  const { value, halfWidth, change, broken } = point
  const width =
    halfWidth.value === undefined
      ? footnotes.mark(halfWidth.reason)
      : `± ${formatFine(halfWidth, unit)}`
  const shown =
    value.value === undefined
      ? `n/a ${footnotes.mark(value.reason)}`
      : `${formatEstimate(value, unit)} ${width}`
  const changed =
    broken.length > 0
      ? `not compared: other ${broken.join(', ')}`
      : change === undefined
        ? ''
        : showChange(change, footnotes)
  const decided = change?.decided
  return [
    printable(run?.startedAt ?? 'n/a'),
    `${printable(run?.name ?? '')}${run?.partial === true ? ' (partial)' : ''}`,
    shown,
    changed,
    decided === 'slower' || decided === 'faster' ? decided : '',
  ]
}

function tailOf({ unreadable }: RunHistory, footnotes: Footnotes): string {
  const lines = [
    ...footnotes.lines(),
    CHANGE_NOTE,
    ...unreadable.map(({ name, reason }) => `Not read: ${printable(name)}: ${printable(reason)}`),
  ]
  return lines.map((line) => `${line}\n`).join('')
}
