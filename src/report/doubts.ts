import { nameLevel } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Summary } from '../model/summary.ts'
import type { Warning } from '../model/warning.ts'

/** The failures of each block by kind, with examples; empty when there were none. */
export function failureLines(
  summaries: readonly Summary[],
  measurements: readonly Measurement[],
): string {
  const lines = summaries.flatMap((summary, index) => {
    const kinds = Object.entries(summary.outcomes).filter(([kind]) => kind !== 'ok')
    if (kinds.length === 0) return []
    const blocked = (summary.blocks?.blocked ?? 0) - (summary.blocks?.blockedOk ?? 0)
    const counts = [
      ...kinds.map(([kind, count]) => `${kind} ${count}`),
      ...(blocked === 0 ? [] : [`of these ${blocked} blocked`]),
    ].join(', ')
    const examples = (measurements[index]?.errorExamples ?? []).map(
      ({ outcome, status, message }) => `  ${[outcome, status, message].filter(Boolean).join(' ')}`,
    )
    return [`Not ok: ${summary.endpoint} at ${nameLevel(summary.level)}: ${counts}`, ...examples]
  })
  return lines.map((line) => `${line}\n`).join('')
}

/** A line for each warning: what was seen, and what to do. */
export function warningLines(warnings: readonly Warning[]): string {
  return warnings.map(({ message, advice }) => `Warning: ${message}. Try: ${advice}.\n`).join('')
}
