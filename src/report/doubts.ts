import { nameLevel } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import { hasFlag } from '../model/stream.ts'
import type { Summary } from '../model/summary.ts'
import type { Warning } from '../model/warning.ts'

/** The failures of each block by kind, with examples; empty when there were none. */
export function failureLines(
  summaries: readonly Summary[],
  measurements: readonly Measurement[],
): string {
  const lines = summaries.flatMap((summary, index) => {
    const kinds = kindsOf(summary, measurements[index])
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

/** What was not ok, by kind. What we cancelled because we were asked to is told apart from what a stop cut short. */
function kindsOf({ outcomes }: Summary, measurement: Measurement | undefined) {
  const flags = measurement?.stream?.flags ?? new Uint32Array()
  const asked = flags.filter((one) => hasFlag(one, 'cancelledAsAsked')).length
  return Object.entries(outcomes)
    .flatMap(([kind, count]): [string, number][] =>
      kind === 'cancelled'
        ? [
            ['cancelled as asked', asked],
            ['cancelled', count - asked],
          ]
        : [[kind, count]],
    )
    .filter(([kind, count]) => kind !== 'ok' && count > 0)
}

/** A line for each warning: what was seen, and what to do. */
export function warningLines(warnings: readonly Warning[]): string {
  return warnings.map(({ message, advice }) => `Warning: ${message}. Try: ${advice}.\n`).join('')
}
