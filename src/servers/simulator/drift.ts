import { parseDurationMs } from '../../stats/latency-spec.ts'

/** How the service time moves while a run lasts: what an interleaved measurement must survive. */
export type Drift =
  | { readonly kind: 'none' }
  | { readonly kind: 'sine'; readonly periodMs: number; readonly amplitudeMs: number }
  | { readonly kind: 'step'; readonly atMs: number; readonly amountMs: number }
  | { readonly kind: 'square'; readonly periodMs: number; readonly amountMs: number }

/** Reads `none`, `sine:PERIOD,AMPLITUDE`, `step:AT,AMOUNT` or `square:PERIOD,AMOUNT`. Throws RangeError naming the value. */
export function parseDrift(text: string): Drift {
  if (text === 'none') return { kind: 'none' }
  const [kind, parameters = ''] = text.split(':')
  const [first, second, ...rest] = parameters.split(',').map((part) => parseDurationMs(part.trim()))
  if (first !== undefined && second !== undefined && rest.length === 0) {
    if (kind === 'sine' && first > 0) return { kind, periodMs: first, amplitudeMs: second }
    if (kind === 'square' && first > 0) return { kind, periodMs: first, amountMs: second }
    if (kind === 'step') return { kind, atMs: first, amountMs: second }
  }
  throw new RangeError(
    `${JSON.stringify(text)} is not a drift; write none, sine:20s,10ms, step:30s,15ms or square:60s,15ms`,
  )
}

/** What the drift adds to a service time, in ms; a sine goes from 0 to twice its amplitude, so never below 0. */
export function driftMs(drift: Drift, elapsedMs: number): number {
  switch (drift.kind) {
    case 'none':
      return 0
    case 'sine':
      return drift.amplitudeMs * (1 + Math.sin((2 * Math.PI * elapsedMs) / drift.periodMs))
    case 'step':
      return elapsedMs >= drift.atMs ? drift.amountMs : 0
    case 'square':
      return elapsedMs % drift.periodMs >= drift.periodMs / 2 ? drift.amountMs : 0
  }
}
