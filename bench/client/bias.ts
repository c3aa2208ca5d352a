import { quantile, sortSample } from '../../src/stats/quantile.ts'
import type { TimeBlock } from './bias-worker.ts'
import { median } from './median.ts'
import type { OwnClient } from './own-client.ts'
import type { Settings } from './settings.ts'
import { SERVICE_MS, type TimedServer } from './timed-servers.ts'
import { runWorker } from './worker.ts'
import { PATH } from './workload.ts'
import { runWrk } from './wrk.ts'

/** At p50, p95 and p99, in ms. */
export type Quantiles = readonly (number | undefined)[]
const LEVELS = [0.5, 0.95, 0.99]

/** What one client sees beyond the server's own clock, medians over the rounds. */
export interface BiasRow {
  readonly server: TimedServer['kind']
  readonly inFlight: number
  readonly client: OwnClient | 'wrk'
  readonly clientMs: Quantiles
  readonly serverMs: Quantiles
  /** The client's quantile minus the server's. */
  readonly differenceOfQuantilesMs: Quantiles
  /** Quantiles of each request's client time minus its server time; wrk does not tell single requests. */
  readonly quantilesOfDifferencesMs: Quantiles | undefined
}

type Round = Omit<BiasRow, 'server' | 'inFlight' | 'client'> & { readonly wrongCount?: string }

/** lean, undici and wrk against one server, one after the other, the order turned in each round. */
export async function measureBias(
  settings: Settings,
  server: TimedServer,
  { hasWrk, tell }: { readonly hasWrk: boolean; readonly tell: (line: string) => void },
): Promise<{ rows: BiasRow[]; wrongCounts: string[] }> {
  const clients = hasWrk ? (['wrk', 'undici', 'lean'] as const) : (['undici', 'lean'] as const)
  const rows: BiasRow[] = []
  const wrongCounts: string[] = []
  await playOwn('lean', server, settings, Math.max(...settings.biasLevels))
  for (const inFlight of settings.biasLevels) {
    const rounds = new Map<BiasRow['client'], Round[]>(clients.map((client) => [client, []]))
    for (let round = 0; round < settings.biasRounds; round += 1) {
      for (const client of round % 2 === 0 ? clients : clients.toReversed()) {
        const result =
          client === 'wrk'
            ? await playWrk(server, settings, inFlight)
            : await playOwn(client, server, settings, inFlight)
        rounds.get(client)?.push(result)
        if (result.wrongCount !== undefined) wrongCounts.push(result.wrongCount)
        tell(`${server.kind}, ${inFlight} in flight, round ${round + 1}: ${client}`)
      }
    }
    for (const [client, all] of rounds) {
      rows.push({ server: server.kind, inFlight, client, ...summarizeRounds(all) })
    }
  }
  return { rows, wrongCounts }
}

async function playOwn(
  client: OwnClient,
  server: TimedServer,
  settings: Settings,
  inFlight: number,
): Promise<Round> {
  const { biasSeconds, selfWarmUpMs } = settings
  const requests = Math.ceil((biasSeconds * 1000 * inFlight) / SERVICE_MS)
  const times = await runWorker<TimeBlock>(new URL('bias-worker.ts', import.meta.url), {
    client,
    url: `${server.origin}${PATH}`,
    inFlight,
    requests,
    selfWarmUpMs,
  })
  const counted = (await server.takeTimes()).length
  const { clientMs, serverMs, sentInAll, ok } = times
  const told = `${client} against the ${server.kind} at ${inFlight} in flight`
  const wrong = ok !== requests || counted !== sentInAll
  return {
    ...compare(quantilesOf(clientMs), quantilesOf(serverMs)),
    quantilesOfDifferencesMs: quantilesOf(
      clientMs.map((ms, i) => ms - (serverMs[i] ?? Number.NaN)),
    ),
    ...(wrong
      ? { wrongCount: `${told}: ${ok} of ${requests} ok; sent ${sentInAll}, counted ${counted}` }
      : {}),
  }
}

async function playWrk(server: TimedServer, settings: Settings, inFlight: number): Promise<Round> {
  const { latencyMs } = await runWrk({
    url: `${server.origin}${PATH}`,
    inFlight,
    warmUpMs: 0,
    durationMs: settings.biasSeconds * 1000,
  })
  // wrk leaves in the middle of requests; the server has to be done with them.
  await new Promise((resolve) => setTimeout(resolve, 10 * SERVICE_MS))
  return {
    ...compare(latencyMs, quantilesOf(await server.takeTimes())),
    quantilesOfDifferencesMs: undefined,
  }
}

function compare(clientMs: Quantiles, serverMs: Quantiles) {
  return {
    clientMs,
    serverMs,
    differenceOfQuantilesMs: clientMs.map(
      (ms, index) => (ms ?? Number.NaN) - (serverMs[index] ?? Number.NaN),
    ),
  }
}

function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = sortSample(values)
  return LEVELS.map((level) => quantile(sorted, level))
}

function summarizeRounds(rounds: readonly Round[]): Round {
  const over = (pick: (round: Round) => Quantiles | undefined) =>
    LEVELS.map((_, index) => median(rounds.flatMap((round) => pick(round)?.[index] ?? [])))
  const paired = rounds.every((round) => round.quantilesOfDifferencesMs !== undefined)
  return {
    clientMs: over((round) => round.clientMs),
    serverMs: over((round) => round.serverMs),
    differenceOfQuantilesMs: over((round) => round.differenceOfQuantilesMs),
    quantilesOfDifferencesMs: paired ? over((round) => round.quantilesOfDifferencesMs) : undefined,
  }
}
