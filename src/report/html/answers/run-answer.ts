import type { BudgetVerdict } from '../../../model/budget.ts'
import type { Page, RunPart } from '../../../model/page.ts'
import type { Overhead, Summary } from '../../../model/summary.ts'
import { html, type Printable } from '../markup.ts'
import { levelWords, msWords, perSecondWords, percentWords, sloWords } from '../words.ts'
import { type Answer, stateMarkup, worstState } from './answer.ts'
import { budgetSentences } from './budget-sentences.ts'
import { type Compared, comparedRow, neededWords, overheadSentence } from './overhead-sentence.ts'
import { overheadSummary } from './overhead-summary.ts'

/** What a load run answers: what each candidate adds; of one endpoint alone how fast it is. */
export function runAnswer(page: Page, run: RunPart): Answer {
  const overheads = run.result.overheads.filter(({ control }) => !control)
  const told = overheads.length === 0 ? aloneAnswer(run) : comparedAnswer(run, overheads)
  return {
    ...told,
    further: [
      ...told.further,
      ...budgetSentences(run.result.budgets),
      ...failureSentences(run),
      ...(page.head.partial
        ? ['The run was stopped early: these are the numbers of a shorter one.']
        : []),
    ],
  }
}

function comparedAnswer(run: RunPart, overheads: readonly Overhead[]): Answer {
  const names = [...new Set(overheads.map(({ candidate }) => candidate))]
  const [first, ...others] = names.map((name) => {
    const own = overheads.filter(({ candidate }) => candidate === name)
    return candidateSentences(own, run)
  })
  const { sentence, further } = first ?? { sentence: '', further: [] }
  const budget = budgetWords(run.result.budgets, run.primaryMetric)
  return {
    title: sentence,
    sentence: budget === undefined ? html`${sentence}.` : html`${sentence}; ${budget}`,
    further: [...further, ...others.flatMap((one) => [`${one.sentence}.`, ...one.further])],
    table: overheadSummary(run, overheads),
  }
}

/** Of several levels the heaviest, where a proxy shows; the lightest stands beside it. */
function candidateSentences(overheads: readonly Overhead[], run: RunPart) {
  const compared = overheads.flatMap((one) => comparedRow(one, run.primaryMetric) ?? [])
  const heaviest = compared.at(-1)
  if (heaviest === undefined) return nothingCompared(overheads)
  const [lightest] = compared
  const further = [
    ...(lightest === undefined || lightest === heaviest ? [] : [`${overheadSentence(lightest)}.`]),
    ...reasonsOf(heaviest),
    ...throughputSentence(heaviest.overhead),
  ]
  return { sentence: overheadSentence(heaviest), further }
}

function nothingCompared(overheads: readonly Overhead[]) {
  const last = overheads.at(-1)
  const reason = last?.rows.find(({ metric }) => metric === 'mean')?.delta.reason ?? 'not measured'
  return {
    sentence: `Nothing can be said of what ${last?.candidate} adds to the latency`,
    further: [`${neededWords(reason)}.`],
  }
}

function reasonsOf({ row, instead }: Compared): string[] {
  const noInterval =
    row.interval.reason === undefined ? [] : [`No interval: ${row.interval.reason}.`]
  return [...(instead === undefined ? [] : [`${instead}.`]), ...noInterval]
}

function throughputSentence({ candidate, level, rows }: Overhead): string[] {
  const row = rows.find(({ metric }) => metric === 'ok_rps')
  if (row?.candidate.value === undefined || row.ratio.value === undefined) return []
  const interval = row.ratioInterval.value
  const spread =
    interval === undefined ? '' : ` (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`
  return [
    `${candidate} delivers ${perSecondWords(row.candidate.value)} at ${levelWords(level)}, ${row.ratio.value.toFixed(2)}${spread} of the baseline’s throughput.`,
  ]
}

/** The verdict over all levels of the budget that the sentence is about. */
function budgetWords(budgets: readonly BudgetVerdict[], metric: string): Printable {
  const own = budgets.filter(({ budget }) => budget.startsWith(`--max-overhead ${metric}=`))
  const [budget] = own
  if (budget === undefined) return undefined
  const state = worstState(own.map((one) => one.state))
  const limit = budget.unit === 'ms' ? msWords(budget.limit) : percentWords(budget.limit)
  const where =
    new Set(own.map(({ level }) => levelWords(level))).size > 1 ? ' over all levels' : ''
  return stateMarkup(state, `budget ${limit}: ${state}${where}`)
}

/** Fewer ok requests have not ten beyond their p95. */
const FOR_P95 = 200

function aloneAnswer({ result, slo }: RunPart): Answer {
  const summary = result.summaries.findLast(({ ok }) => ok > 0)
  if (summary === undefined) {
    const sentence = `No request to ${result.summaries[0]?.endpoint ?? 'any endpoint'} succeeded`
    return { title: sentence, sentence: `${sentence}.`, further: [], table: undefined }
  }
  const { endpoint, level, metrics, ok, goodput } = summary
  const half = `half of the requests within ${msWords(metrics.p50.value ?? 0)}`
  const tail = ok < FOR_P95 ? '' : ` and 95 % of them within ${msWords(metrics.p95.value ?? 0)}`
  const sentence = `${endpoint} answers ${half}${tail} at ${levelWords(level)}`
  return {
    title: sentence,
    sentence: `${sentence}.`,
    further: [
      ...(metrics.ok_rps.value === undefined
        ? []
        : [`It delivers ${perSecondWords(metrics.ok_rps.value)}.`]),
      ...(goodput?.value === undefined || slo === undefined
        ? []
        : [`Of these ${perSecondWords(goodput.value)} keep ${sloWords(slo)}.`]),
    ],
    table: undefined,
  }
}

function failureSentences({ failures, result }: RunPart): string[] {
  const failed = new Map<string, Pick<Summary, 'requests' | 'errors'>>()
  for (const { endpoint, requests, errors } of result.summaries) {
    const before = failed.get(endpoint) ?? { requests: 0, errors: 0 }
    failed.set(endpoint, { requests: before.requests + requests, errors: before.errors + errors })
  }
  if (failures.length === 0) return []
  return [...failed].flatMap(([endpoint, { requests, errors }]) =>
    errors === 0 || requests === 0
      ? []
      : [
          `${errors} of ${requests} requests to ${endpoint} failed (${percentWords(errors / requests)}); they are in no latency.`,
        ],
  )
}
