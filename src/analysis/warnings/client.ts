import type { Warning } from '../../model/warning.ts'
import type { Check } from './check.ts'
import { whereOf } from './failures.ts'

/** An event loop this late adds to every latency; a share of p50 where that is longer. */
const LATE_MS = 2
const LATE_SHARE = 0.05

/** A core this busy queues requests inside the client. */
const BUSY_SHARE = 0.85

/** One for the whole run, about its worst block: a busy machine is busy at every level. */
export const clientSaturated: Check = ({ observed }) => {
  const blocks = observed.flatMap(({ measurement, summary }) =>
    measurement.clientLoads.map((load) => ({ summary, ...load })),
  )
  const strained = blocks.filter(({ summary, loopDelayP99Ms, cpuShare }) => {
    const allowed = Math.max(LATE_MS, LATE_SHARE * (summary.metrics.p50.value ?? 0))
    return loopDelayP99Ms > allowed || cpuShare > BUSY_SHARE
  })
  const [worst] = strained.toSorted((one, other) => other.loopDelayP99Ms - one.loopDelayP99Ms)
  if (worst === undefined) return []
  return [
    {
      code: 'client-saturated',
      message: `the client itself was busy in ${strained.length} of ${blocks.length} blocks, so part of the latency is its own; worst ${whereOf(worst.summary)}: event loop ${worst.loopDelayP99Ms.toFixed(1)} ms late at p99, CPU ${(worst.cpuShare * 100).toFixed(0)} % of a core`,
      advice: 'more --client-workers, a lower --concurrency, or a machine with idle cores',
    },
  ]
}

export const coldClient: Check = ({ observed, conditions }) =>
  conditions.selfWarmup || observed.length === 0
    ? []
    : [
        {
          code: 'cold-client',
          message:
            'the client was not warmed up: the first second of a run adds milliseconds to p99',
          advice: 'leave out --no-self-warmup',
        },
      ]

/** Our own lateness that an open loop may have at p99 before it matters. */
const LAG_MS = 1

export const scheduleLag: Check = ({ observed }) =>
  observed.flatMap(({ measurement, summary }): Warning[] => {
    const lag = summary.openLoop?.lag.p99.value
    // What was held back is late for a reason of its own, told by its own warning.
    if (lag === undefined || lag <= LAG_MS || measurement.heldBack > 0) return []
    return [
      {
        code: 'schedule-lag',
        message: `${whereOf(summary)}: requests were sent up to ${lag.toFixed(1)} ms late at p99, which their latency includes`,
        advice: 'more --client-workers, a lower --rate, or a machine with idle cores',
      },
    ]
  })

export const heldBack: Check = ({ observed }) =>
  observed.flatMap(({ measurement, summary }): Warning[] => {
    if (measurement.heldBack === 0) return []
    return [
      {
        code: 'held-back',
        message: `${whereOf(summary)}: ${measurement.heldBack} arrivals had to wait because ${measurement.level.concurrency} requests were in flight: the endpoint does not keep up with the rate`,
        advice: 'a lower --rate, or a higher --max-in-flight',
      },
    ]
  })
