import { nameLevel, sameLevel } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import type { SelfReport } from '../model/result.ts'
import type { Overhead, Summary } from '../model/summary.ts'
import type { Warning } from '../model/warning.ts'
import { mean } from '../stats/quantile.ts'

/** A told overhead this near the whole latency is that latency. */
const EQUAL_SHARE = 0.02

/** What the candidates say of themselves, where they do. `measurements` and `summaries` go together. */
export function findSelfReports(
  overheads: readonly Overhead[],
  measurements: readonly Measurement[],
  summaries: readonly Summary[],
): SelfReport[] {
  return overheads.flatMap(({ candidate, level, control, rows }): SelfReport[] => {
    const index = measurements.findIndex(
      (one) => one.endpoint === candidate && sameLevel(one.level, level),
    )
    const facts = measurements[index]?.facts ?? []
    const reports = facts.flatMap(({ selfReport }) => selfReport ?? [])
    const toldMs = mean(reports.map(({ ms }) => ms))
    const source = reports[0]?.source
    const observed = rows.find(({ metric }) => metric === 'mean')?.delta
    if (control || toldMs === undefined || source === undefined || observed === undefined) return []
    const total = summaries[index]?.metrics.mean.value ?? 0
    const equalsTotal = total > 0 && Math.abs(toldMs - total) <= EQUAL_SHARE * total
    const presence = reports.length / facts.length
    return [{ candidate, level, source, toldMs, presence, observedMs: observed, equalsTotal }]
  })
}

/** Part of the observed overhead that a self-report may miss before it is worth a word, and at least this many ms. */
const RESIDUAL_SHARE = 0.2
const RESIDUAL_MS = 1

/** Self-reports that do not agree with what was seen. */
export function selfReportWarnings(reports: readonly SelfReport[]): Warning[] {
  return reports.flatMap(({ candidate, level, source, toldMs, observedMs, equalsTotal }) => {
    const seen = observedMs.value
    if (seen === undefined) return []
    const residual = Math.abs(seen - toldMs)
    if (residual <= Math.max(RESIDUAL_MS, RESIDUAL_SHARE * Math.abs(seen))) return []
    const where = `${candidate} at ${nameLevel(level)}`
    const whole = equalsTotal ? ', which is its whole latency' : ''
    return [
      {
        code: 'self-report' as const,
        message: `${where}: the header ${source} tells ${toldMs.toFixed(1)} ms of overhead${whole}, ${seen.toFixed(1)} ms were observed`,
        advice: 'trust the observed figure: a proxy cannot see the time before its own first line',
      },
    ]
  })
}
