import type { BiasRow } from './bias.ts'
import type { HelpTime } from './help-time.ts'
import type { Memory } from './memory.ts'
import type { ThroughputRow } from './throughput.ts'

/** What was wanted, what came out. */
export interface Goal {
  readonly name: string
  readonly wanted: string
  readonly measured: string
  /** Undefined where it could not be measured. */
  readonly reached: boolean | undefined
}

export interface Figures {
  readonly throughput: readonly ThroughputRow[]
  readonly bias: readonly BiasRow[]
  readonly memory: Memory
  readonly help: HelpTime
}

/** Growth from half of the requests to all of them that still counts as flat. */
const FLAT_MB = 15

export function judge({ throughput, bias, memory, help }: Figures): Goal[] {
  const lean = throughput.find(({ client, inFlight }) => client === 'lean' && inFlight === 10)
  const most = Math.max(...bias.map(({ inFlight }) => inFlight))
  const [half = Number.NaN, all = Number.NaN] = memory.at.slice(1).map(({ mb }) => mb)
  const { requests, peakMb } = memory
  return [
    atLeast('throughput at 10 in flight, of wrk', 0.5, lean?.toWrk),
    atLeast('throughput at 10 in flight, of autocannon', 1, lean?.toAutocannon),
    ...bias
      .filter(({ client, inFlight }) => client === 'lean' && inFlight === most)
      .flatMap(({ server, differenceOfQuantilesMs: [p50, , p99] }) => [
        atMost(`E2E p50 bias at ${most} in flight, ${server}`, { limit: 0.3, unit: ' ms' }, p50),
        atMost(`E2E p99 bias at ${most} in flight, ${server}`, { limit: 1.5, unit: ' ms' }, p99),
      ]),
    atMost(`memory for ${requests} requests, peak`, { limit: 250, unit: ' MB' }, peakMb),
    atMost('memory growth over the second half', { limit: FLAT_MB, unit: ' MB' }, all - half),
    atMost('--help', { limit: 150, unit: ' ms' }, help.helpMs),
  ]
}

function atLeast(name: string, limit: number, measured: number | undefined): Goal {
  return {
    name,
    wanted: `at least ${limit}`,
    measured: measured?.toFixed(2) ?? 'not measured',
    reached: measured === undefined ? undefined : measured >= limit,
  }
}

function atMost(
  name: string,
  { limit, unit }: { readonly limit: number; readonly unit: string },
  measured: number | undefined,
): Goal {
  const digits = limit < 10 ? 2 : 0
  return {
    name,
    wanted: `at most ${limit}${unit}`,
    measured: measured === undefined ? 'not measured' : `${measured.toFixed(digits)}${unit}`,
    reached: measured === undefined ? undefined : measured <= limit,
  }
}
