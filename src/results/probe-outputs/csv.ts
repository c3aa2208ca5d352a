import type { ProbedCase } from '../../model/probe.ts'
import { blockedWord, expectedWord } from '../../model/verdict.ts'
import { type ProbeReport, rounded } from './probe-row.ts'

type Cell = string | number | boolean | undefined

const COLUMNS: Readonly<Record<string, (one: ProbedCase) => Cell>> = {
  id: ({ caseId }) => caseId,
  label: ({ label }) => label,
  category: ({ category }) => category,
  subcategory: ({ subcategory }) => subcategory,
  endpoint: ({ endpoint }) => endpoint,
  repeat: ({ repeat }) => repeat,
  attempt: ({ attempt }) => attempt,
  last: ({ last }) => last,
  status: ({ status }) => status,
  blocked: ({ verdict }) => blockedWord(verdict),
  expected: ({ label }) => expectedWord(label),
  verdict: ({ verdict }) => verdict.kind,
  stage: ({ verdict }) => (verdict.kind === 'blocked' ? verdict.stage : undefined),
  by: ({ verdict }) => (verdict.kind === 'blocked' ? verdict.by : undefined),
  reason: ({ verdict }) => (verdict.kind === 'undecided' ? verdict.reason : undefined),
  rule: ({ verdict }) => verdict.rule,
  detected: ({ verdict }) => verdict.detected,
  model_refused: ({ verdict }) => verdict.modelRefused,
  latency_ms: ({ latencyMs }) => rounded(latencyMs),
  head_ms: ({ headMs }) => headMs && rounded(headMs),
  prompt: ({ prompt }) => prompt,
  preview: ({ preview }) => preview,
}

/** Every attempt as CSV by RFC 4180, a header first. */
export function probeCsv({ probed }: ProbeReport): string {
  const rows = probed.map((one) => Object.values(COLUMNS).map((read) => csvCell(read(one))))
  return [Object.keys(COLUMNS), ...rows].map((cells) => `${cells.join(',')}\r\n`).join('')
}

/**
 * Begins as a formula for a spreadsheet: ASCII signs, their full-width twins, and blanks that are trimmed before. Prompts
 * and answers are written by strangers, and a formula can send what stands in other cells away.
 */
const FORMULA = /^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u

function csvCell(value: Cell): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value)
  // The sign that spreadsheets take for "this is text".
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
