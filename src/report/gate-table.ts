import { type GateVerdict, nameGate } from '../model/gate.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = ['gate', 'verdict', 'actual', 'n']

/** Each gate with its verdict. Ends in a line break; empty without gates. */
export function gateTable(verdicts: readonly GateVerdict[]): string {
  if (verdicts.length === 0) return ''
  const rows = verdicts.map(({ gate, actual, n, state }) => [
    nameGate(gate),
    state,
    actual === undefined ? 'n/a' : actual.toFixed(4),
    String(n),
  ])
  const notes = verdicts.flatMap(({ gate, reason }) =>
    reason === undefined ? [] : [`${nameGate(gate)} failed: ${reason}.\n`],
  )
  return `## Gates\n${markdownTable(HEADER, rows, 2)}\n${notes.length === 0 ? '' : `\n${notes.join('')}`}`
}
