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

/** Growth over the second half of the requests, beyond their raw values, that still counts as flat. */
const FLAT_MB = 15

export function judge({ throughput, bias, memory, help }: Figures): Goal[] {
  const lean = throughput.find(({ client, inFlight }) => client === 'lean' && inFlight === 10)
  const { requests, peakMb, rowBytes } = memory
  const [half = Number.NaN, all = Number.NaN] = memory.at.slice(1).map(({ mb }) => mb)
  const grownMb = all - half - (rowBytes * requests) / 2 / 1e6
  return [
    atLeast('throughput at 10 in flight, of wrk', 0.5, lean?.toWrk),
    atLeast('throughput at 10 in flight, of autocannon', 1, lean?.toAutocannon),
    ...judgeBias(bias),
    atMost(`memory for ${requests} requests, peak`, { limit: 250, unit: ' MB' }, peakMb),
    atMost(
      'its growth in the second half, without raw values',
      { limit: FLAT_MB, unit: ' MB' },
      grownMb,
    ),
    atMost('--help', { limit: 150, unit: ' ms' }, help.helpMs),
  ]
}

/** At the highest level; what wrk sees of the same server stands beside it, because part of it is the server's. */
function judgeBias(bias: readonly BiasRow[]): Goal[] {
  const most = Math.max(...bias.map(({ inFlight }) => inFlight))
  const level = bias.filter(({ inFlight }) => inFlight === most)
  return level
    .filter(({ client }) => client === 'lean')
    .flatMap(({ server, differenceOfQuantilesMs: [p50, , p99] }) => {
      const wrk = level.find((row) => row.server === server && row.client === 'wrk')
      const [wrk50, , wrk99] = wrk?.differenceOfQuantilesMs ?? []
      const name = (quantile: string, wrkMs: number | undefined) =>
        `E2E ${quantile} bias at ${most} in flight, ${server}` +
        (wrkMs === undefined ? '' : ` (wrk ${wrkMs.toFixed(2)} ms)`)
      return [
        atMost(name('p50', wrk50), { limit: 0.3, unit: ' ms' }, p50),
        atMost(name('p99', wrk99), { limit: 1.5, unit: ' ms' }, p99),
      ]
    })
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
