import type { PlayLoop } from './loop-worker.ts'
import { median } from './median.ts'
import type { Settings } from './settings.ts'
import type { Upstream } from './upstream.ts'
import { runWorker } from './worker.ts'
import { PATH, type PlayTurn, type Turn, type TurnResult } from './workload.ts'
import { runWrk } from './wrk.ts'

const CLIENTS = ['wrk', 'autocannon', 'dispatch', 'undici', 'lean'] as const
export type Client = (typeof CLIENTS)[number]

/** One client at one level over all rounds. */
export interface ThroughputRow {
  readonly inFlight: number
  readonly client: Client
  readonly rps: number
  readonly cpuUsPerRequest: number
  /** Medians of the ratios within a round, so that drift of the machine cancels; absent with the peer. */
  readonly toWrk: number | undefined
  readonly toAutocannon: number | undefined
  /** Sent, and not answered with 200. */
  readonly notOk: number
}

interface Played {
  readonly client: Client
  readonly round: number
  readonly inFlight: number
  readonly result: TurnResult
}

/** Every client at every level: one after the other within a round, in another order in each. */
export async function measureThroughput(
  settings: Settings,
  upstream: Upstream,
  { hasWrk, tell }: { readonly hasWrk: boolean; readonly tell: (line: string) => void },
): Promise<{ rows: ThroughputRow[]; wrongCounts: string[] }> {
  const clients = CLIENTS.filter((client) => client !== 'wrk' || hasWrk)
  const played: Played[] = []
  const wrongCounts: string[] = []
  for (const inFlight of settings.inFlightLevels) {
    for (let round = 0; round < settings.rounds; round += 1) {
      for (const client of rotated(clients, round)) {
        const before = await upstream.countRequests()
        const result = await playTurn(client, {
          url: `${upstream.origin}${PATH}`,
          inFlight,
          warmUpMs: settings.warmUpMs,
          durationMs: settings.turnSeconds * 1000,
        })
        const counted = (await upstream.countRequests()) - before
        played.push({ client, round, inFlight, result })
        const wrong = wrongCount(client, result, counted)
        if (wrong !== undefined) wrongCounts.push(`${wrong} at ${inFlight} in flight`)
        tell(`${inFlight} in flight, round ${round + 1}: ${client} ${Math.round(rpsOf(result))}/s`)
      }
    }
  }
  const levels = settings.inFlightLevels
  const rows = levels.flatMap((inFlight) =>
    clients.map((client) =>
      rowOf(
        client,
        played.filter((turn) => turn.inFlight === inFlight),
      ),
    ),
  )
  return { rows, wrongCounts }
}

/** The other way round in every second round, and begun one further each time. */
function rotated(clients: readonly Client[], round: number): Client[] {
  const order = round % 2 === 0 ? clients : clients.toReversed()
  const start = round % clients.length
  return [...order.slice(start), ...order.slice(0, start)]
}

function playTurn(client: Client, turn: Turn): Promise<TurnResult> {
  switch (client) {
    case 'wrk':
      return runWrk(turn)
    case 'autocannon':
      return runWorker<PlayTurn>(new URL('autocannon-worker.ts', import.meta.url), turn)
    case 'dispatch':
      return runWorker<PlayTurn>(new URL('dispatch-worker.ts', import.meta.url), turn)
    case 'undici':
    case 'lean':
      return runWorker<PlayLoop>(new URL('loop-worker.ts', import.meta.url), { ...turn, client })
  }
}

/** What is wrong where a client says how many it sent, and not all were answered, or the upstream saw other ones. */
function wrongCount(client: Client, result: TurnResult, counted: number): string | undefined {
  const { sentInAll, notOk } = result
  if (sentInAll === undefined) return undefined
  if (notOk > 0) return `${client}: ${notOk} of ${sentInAll} requests were not answered with 200`
  if (counted === sentInAll) return undefined
  return `${client}: sent ${sentInAll}, the upstream counted ${counted}`
}

function rowOf(client: Client, level: readonly Played[]): ThroughputRow {
  const own = level.filter((turn) => turn.client === client)
  const ratioTo = (peer: Client) => {
    const ratios = own.flatMap(({ round, result }) => {
      const other = level.find((turn) => turn.client === peer && turn.round === round)
      return other === undefined ? [] : [rpsOf(result) / rpsOf(other.result)]
    })
    return median(ratios)
  }
  return {
    inFlight: own[0]?.inFlight ?? 0,
    client,
    rps: median(own.map(({ result }) => rpsOf(result))) ?? 0,
    cpuUsPerRequest: median(own.map(({ result }) => (result.cpuMs * 1000) / result.ok)) ?? 0,
    toWrk: ratioTo('wrk'),
    toAutocannon: ratioTo('autocannon'),
    notOk: own.reduce((sum, { result }) => sum + result.notOk, 0),
  }
}

function rpsOf({ ok, durationMs }: TurnResult): number {
  return (ok / durationMs) * 1000
}
