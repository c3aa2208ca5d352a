import { measured } from '../model/estimate.ts'
import type {
  ComparedCell,
  GeometricMean,
  NumberChange,
  Regression,
  RegressionVerdict,
  RunComparison,
} from '../model/run-comparison.ts'
import { nameNumber, type RunMetric } from '../model/run-numbers.ts'
import { alignedRows } from './aligned-table.ts'
import { Footnotes } from './footnotes.ts'
import { formatDelta, formatEstimate, formatFine, formatInterval } from './format.ts'
import { markdownTable } from './markdown-table.ts'
import { plural } from './plural.ts'
import { printable } from './printable.ts'

/** A row as it is shown: where, which metric, and for each run its value and, but for the first, its change. */
interface ShownRow {
  readonly place: string
  readonly metric: string
  readonly cells: readonly string[]
}

/** The comparison for a terminal: rows grouped by endpoint and level, then what to know of it. */
export function runComparisonText(comparison: RunComparison): string {
  const { rows, header, notes } = showComparison(comparison)
  const lines: string[][] = [['', ...header]]
  let group = ''
  for (const { place, metric, cells } of rows) {
    if (place !== group) lines.push([place])
    group = place
    lines.push([`  ${metric}`, ...cells])
  }
  return `${legend(comparison)}\n${alignedRows(lines)}\n${notes.map((note) => `${note}\n`).join('')}`
}

/** The same as a Markdown table. */
export function runComparisonMarkdown(comparison: RunComparison): string {
  const { rows, header, notes } = showComparison(comparison)
  const table = markdownTable(
    ['where', 'metric', ...header],
    rows.map(({ place, metric, cells }) => [place, metric, ...cells]),
    2,
  )
  const runs = legend(comparison)
    .trimEnd()
    .split('\n')
    .map((line) => `- ${line}\n`)
  return `# Comparison of saved runs\n\n${runs.join('')}\n${table}\n\n${notes
    .map((note) => `${note}\n\n`)
    .join('')
    .trimEnd()}\n`
}

function legend({ runs }: RunComparison): string {
  return runs
    .map(({ name, startedAt }, index) => {
      const when = startedAt === undefined ? '' : ` (started ${printable(startedAt)})`
      return `${letterOf(index)}: ${printable(name)}${when}\n`
    })
    .join('')
}

function showComparison(comparison: RunComparison) {
  const footnotes = new Footnotes()
  const rows = [
    ...comparison.numbers.map((number): ShownRow => ({
      place: nameNumber(number),
      metric: number.metric,
      cells: number.cells.flatMap((cell) => showCell(cell, number.metric, footnotes)),
    })),
    ...comparison.means.map((mean) => showMean(mean)),
  ]
  const header = comparison.runs.flatMap((_, index) =>
    index === 0 ? ['A'] : [letterOf(index), `${letterOf(index)} vs A`],
  )
  const notes = [
    ...footnotes.lines(),
    '~ not decided: the 95 % interval of the change holds 0, or there is none.',
    ...comparison.notes.map((note) => printable(note)),
    ...(comparison.regression === undefined
      ? []
      : regressionLines(comparison.regression, comparison.runs.length)),
  ]
  return { rows, header, notes }
}

/** `A` to `Z`. */
function letterOf(index: number): string {
  return String.fromCodePoint(65 + index)
}

function unitOf(metric: RunMetric): 'rps' | 'ms' {
  return metric === 'ok_rps' ? 'rps' : 'ms'
}

function showCell(
  { value, halfWidth, change }: ComparedCell,
  metric: RunMetric,
  footnotes: Footnotes,
): string[] {
  const unit = unitOf(metric)
  const shown =
    value.value === undefined
      ? `n/a ${footnotes.mark(value.reason)}`
      : `${formatEstimate(value, unit)} ${
          halfWidth.value === undefined
            ? footnotes.mark(halfWidth.reason)
            : `± ${formatFine(halfWidth, unit)}`
        }`
  return change === undefined ? [shown] : [shown, showChange(change, footnotes)]
}

/** `+1.9% (+1.2% to +2.6%)`, of an overhead `+0.3ms (+0.10 to +0.50ms)`, or `~` before what does not decide. */
export function showChange(
  { scale, delta, interval, decided }: NumberChange,
  footnotes: Footnotes,
): string {
  if (interval.value === undefined) return `~ ${footnotes.mark(interval.reason)}`
  const unit = scale === 'share' ? 'ratio' : 'ms'
  const range = formatInterval(measured({ ...interval.value, method: 'jackknife' }), unit)
  return decided === 'undecided' ? `~ (${range})` : `${formatDelta(delta, unit)} (${range})`
}

function showMean({ metric, count, cells }: GeometricMean): ShownRow {
  return {
    place: `geometric mean of ${count}`,
    metric,
    cells: cells.flatMap(({ value, share }) => {
      const shown = formatEstimate(measured(value), unitOf(metric))
      return share === undefined ? [shown] : [shown, formatDelta(measured(share), 'ratio')]
    }),
  }
}

function regressionLines({ limit, verdicts }: Regression, runs: number): string[] {
  const title = `--fail-on-regression ${Number((limit * 100).toFixed(6))}`
  const nameOf = (one: RegressionVerdict) =>
    `${one.metric} of ${nameNumber(one)}${runs > 2 ? ` in ${printable(one.run)}` : ''}`
  const of = (state: 'PASS' | 'FAIL' | 'INCONCLUSIVE') =>
    verdicts.filter((one) => one.state === state)
  const [failed, open] = [of('FAIL'), of('INCONCLUSIVE')]
  if (verdicts.length === 0) return [`${title}: INCONCLUSIVE: the runs have no number in common.`]
  if (failed.length > 0) {
    const list = failed.map((one) => nameOf(one))
    return [`${title}: FAIL: slower by more: ${list.join('; ')}.`]
  }
  if (open.length === 0) return [`${title}: PASS: ${plural(verdicts.length, 'number')}.`]
  const list = open.map((one) => `${nameOf(one)} (${one.reason})`)
  return [
    `${title}: INCONCLUSIVE: ${list.join('; ')}.`,
    'More requests decide; --metrics leaves out what cannot be decided.',
  ]
}
