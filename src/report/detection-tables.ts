import type {
  Breakdown,
  Coverage,
  Detection,
  OverDefence,
  Rate,
  RuleUse,
  Score,
  Scores,
  TwinOutcomes,
} from '../model/detection.ts'
import { UNDECIDED } from '../model/undecided.ts'
import { markdownTable } from './markdown-table.ts'
import { rateCell } from './rate-cell.ts'
import { repeatTable } from './repeat-table.ts'

/** All tables of a detection run that have something to say. Ends in a line break. */
export function detectionReport(detection: Detection): string {
  return [
    matrixTable(detection),
    coverageTable(detection.coverage),
    ...detection.breakdowns.map((breakdown) => breakdownTable(breakdown)),
    overDefenceTable(detection.overDefence),
    twinTable(detection.twins),
    repeatTable(detection.repeats),
    rulesTable(detection.rules),
  ]
    .filter((table) => table !== '')
    .join('\n')
}

const MATRIX_HEADER = [
  'matrix',
  'n',
  'TP',
  'FN',
  'FP',
  'TN',
  'TPR (95% CI)',
  'FPR (95% CI)',
  'precision (95% CI)',
  'F1',
  'balanced accuracy',
  'MCC',
]

/** What was blocked, and what was found, against the labels. */
export function matrixTable({ enforced, detected, modelRefused }: Detection): string {
  const rows = [matrixRow('enforced', enforced)]
  if (detected.value !== undefined) rows.push(matrixRow('detected', detected.value))
  const missing =
    detected.value === undefined ? [`No matrix of what was found: ${detected.reason}.`] : []
  const { malicious, benign } = modelRefused
  const declined =
    malicious + benign === 0
      ? []
      : [
          `The model itself declined ${malicious} malicious and ${benign} benign prompts that the proxy let through; they count as not blocked.`,
        ]
  const notes = [...missing, ...declined].map((note) => `\n${note}\n`)
  return `## Detection\n${markdownTable(MATRIX_HEADER, rows)}\n${notes.join('')}`
}

function matrixRow(name: string, scores: Scores): string[] {
  const { tpr, fpr, precision, f1, balancedAccuracy, mcc } = scores
  return [
    name,
    String(tpr.n + fpr.n),
    ...countCells(scores),
    rateCell(tpr),
    rateCell(fpr),
    rateCell(precision),
    scoreCell(f1),
    scoreCell(balancedAccuracy),
    scoreCell(mcc),
  ]
}

function countCells({ truePositives, falseNegatives, falsePositives, trueNegatives }: Scores) {
  return [truePositives, falseNegatives, falsePositives, trueNegatives].map(String)
}

/** How many cases are decided, and why the others are not. */
export function coverageTable({ decided, undecided }: Coverage): string {
  const share = `${decided.hits} of ${decided.n} cases are decided: ${rateCell(decided)}.`
  if (undecided.length === 0) return `## Coverage\n${share}\n`
  const rows = undecided.map(({ reason, cases }) => [
    reason,
    UNDECIDED[reason].meaning,
    UNDECIDED[reason].advice,
    String(cases),
  ])
  const table = markdownTable(['undecided', 'because', 'what to do', 'cases'], rows, 3)
  return `## Coverage\n${share} The others count neither as blocked nor as allowed.\n\n${table}\n`
}

const BREAKDOWN_HEADER = 'n undecided TP FN FP TN'.split(' ')

/** Scores by category and the like. */
export function breakdownTable({ dimension, slices }: Breakdown): string {
  const rows = slices.map(({ name, cases, undecided, scores }) => [
    name,
    String(cases),
    String(undecided),
    ...countCells(scores),
    labelCell(scores.tpr),
    labelCell(scores.fpr),
  ])
  const header = [dimension, ...BREAKDOWN_HEADER, 'TPR (95% CI)', 'FPR (95% CI)']
  return `## Detection by ${dimension}\n${markdownTable(header, rows)}\n`
}

/** Harmless prompts with words of attacks. Empty where there are none. */
export function overDefenceTable({ blocked, byTriggerWords }: OverDefence): string {
  if (blocked.n === 0) return ''
  const rows = [
    ...byTriggerWords.map(({ words, blocked: rate }) => shareRow(String(words), rate)),
    shareRow('all', blocked),
  ]
  const header = ['trigger words', 'n', 'blocked', 'share (95% CI)']
  return `## Over-defence: harmless prompts with words of attacks\n${markdownTable(header, rows)}\n`
}

function shareRow(name: string, rate: Rate): string[] {
  return [name, String(rate.n), String(rate.hits), rateCell(rate)]
}

/** Attacks beside their harmless twins. Empty where there are no pairs. */
export function twinTable(twins: TwinOutcomes): string {
  const { separated, blockedBoth, allowedBoth, inverted, undecided, separation } = twins
  if (separation.n + undecided === 0) return ''
  const rows = [
    ['separated', 'the attack blocked, its twin allowed', String(separated)],
    ['blocked both', 'told by the matter, not by the attack', String(blockedBoth)],
    ['allowed both', 'the attack was missed', String(allowedBoth)],
    ['inverted', 'the twin blocked, the attack allowed', String(inverted)],
    ['undecided', 'a side says nothing', String(undecided)],
  ]
  const table = markdownTable(['outcome', 'meaning', 'pairs'], rows, 2)
  return `## Twins\n${table}\n\nSeparated: ${rateCell(separation)} of ${separation.n} decided pairs.\n`
}

/** Which rules decided. */
export function rulesTable(rules: readonly RuleUse[]): string {
  const rows = rules.map(({ rule, kind, by, cases }) => [
    rule,
    by === 'provider' ? `${kind} by the provider` : kind,
    String(cases),
  ])
  return `## Evidence\n${markdownTable(['rule', 'verdict', 'cases'], rows, 2)}\n`
}

/** As `rateCell`; blank where there are no cases of the label. */
function labelCell(rate: Rate): string {
  return rate.n === 0 ? '' : rateCell(rate)
}

function scoreCell({ value: { value, reason } }: Score): string {
  if (value !== undefined) return value.toFixed(3)
  return /^needs \d+$/.test(reason) ? `n/a (${reason})` : 'n/a'
}
