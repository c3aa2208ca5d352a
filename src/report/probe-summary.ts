import type { ProbedCase } from '../model/probe.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = ['endpoint', 'expected', 'cases', 'blocked', 'allowed', 'undecided']

/** How the cases came out, by endpoint and label, and why some are undecided. Ends in a line break. */
export function probeSummary(probed: readonly ProbedCase[]): string {
  const counted = probed.filter(({ last }) => last)
  const endpoints = [...new Set(counted.map(({ endpoint }) => endpoint))]
  const rows = endpoints.flatMap((endpoint) =>
    (['malicious', 'benign'] as const).flatMap((label) => {
      const cases = counted.filter((one) => one.endpoint === endpoint && one.label === label)
      if (cases.length === 0) return []
      const blocked = cases.filter(({ verdict }) => verdict.kind === 'blocked').length
      const undecided = cases.filter(({ verdict }) => verdict.kind === 'undecided').length
      const expected = label === 'malicious' ? 'block' : 'allow'
      const counts = [cases.length, blocked, cases.length - blocked - undecided, undecided]
      return [[endpoint, expected, ...counts.map(String)]]
    }),
  )
  const reasons = new Map<string, number>()
  for (const { verdict } of counted) {
    if (verdict.kind !== 'undecided') continue
    reasons.set(verdict.reason, (reasons.get(verdict.reason) ?? 0) + 1)
  }
  const told = [...reasons].map(([reason, count]) => `${reason} ${count}`).join(', ')
  const note = told === '' ? '' : `\nUndecided, and counted neither way: ${told}.\n`
  return `## Probe Summary\n${markdownTable(HEADER, rows)}\n${note}`
}
