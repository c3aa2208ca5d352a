import { formatServerTiming, parseServerTiming } from './headers.ts'

/** What one hop of a chain told of its own time, ms. */
export interface HopTiming {
  readonly name: string
  /** From the request's arrival to the answer's head. */
  readonly totalMs: number
  /** The part of it that the hop spent waiting for what is behind it; undefined for the last hop. */
  readonly upstreamMs: number | undefined
}

const UPSTREAM = '-upstream'

/** The last hop: the simulator calls its whole time so. */
const MODEL = 'total'

/** What a hop adds to the `server-timing` of the answer that it passes on: `proxy;dur=9.1, proxy-upstream;dur=8.2`. */
export function formatHopTiming(name: string, totalMs: number, upstreamMs: number): string {
  return formatServerTiming({ [name]: totalMs, [`${name}${UPSTREAM}`]: upstreamMs })
}

/**
 * The hops that a `server-timing` value tells of, outermost first; the model's own time comes last, under the name
 * `model`. A hop that gave only one of its two figures cannot be split and is left out.
 */
export function readHopTimings(serverTiming: string): HopTiming[] {
  const durations = parseServerTiming(serverTiming)
  const hops = Object.entries(durations).flatMap(([name, totalMs]): HopTiming[] => {
    const upstreamMs = durations[`${name}${UPSTREAM}`]
    return upstreamMs === undefined ? [] : [{ name, totalMs, upstreamMs }]
  })
  // Each hop waits for the next, so a longer wait is further out.
  const ordered = hops.toSorted((a, b) => (b.upstreamMs ?? 0) - (a.upstreamMs ?? 0))
  const modelMs = durations[MODEL]
  return modelMs === undefined
    ? ordered
    : [...ordered, { name: 'model', totalMs: modelMs, upstreamMs: undefined }]
}

/** Several answers' `server-timing` as one: equal names are summed, since an app that asks twice waits twice. */
export function sumServerTimings(values: readonly string[]): string {
  const sums: Record<string, number> = {}
  for (const value of values) {
    for (const [name, ms] of Object.entries(parseServerTiming(value))) {
      sums[name] = (sums[name] ?? 0) + ms
    }
  }
  return formatServerTiming(sums)
}
