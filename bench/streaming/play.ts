import { quantile, sortSample } from '../../src/stats/quantile.ts'
import { runWorker } from '../client/worker.ts'
import type { BareBlock } from './bare-worker.ts'
import type { StreamBlock, StreamTask, StreamTimes } from './own-worker.ts'
import type { StreamServer } from './servers.ts'

export interface Amounts {
  readonly inFlight: number
  readonly selfWarmUpMs: number
}

export interface OwnFigures extends StreamTimes {
  readonly streamsPerS: number
  readonly cpuUsPerStream: number
  readonly chunksPerRead: number
}

/** Our client reads so many streams. */
export async function playOwn(
  client: StreamTask['client'],
  url: string,
  requests: number,
  amounts: Amounts,
): Promise<OwnFigures> {
  const module = new URL('own-worker.ts', import.meta.url)
  const task = { client, url, requests, ...amounts }
  const times = await runWorker<StreamBlock>(module, task)
  if (times.ok !== requests) throw new Error(`${client} ${url}: ${times.ok} of ${requests} ok`)
  return {
    ...times,
    streamsPerS: (times.ok * 1000) / times.durationMs,
    cpuUsPerStream: (times.cpuMs * 1000) / times.ok,
    chunksPerRead: times.chunks / times.contentReads,
  }
}

export interface Bias {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly cpuUsPerStream: number
}

/** Our quantiles of TTFT less those of the server's own clock, ms. */
export async function playPaced(
  client: StreamTask['client'],
  server: StreamServer,
  requests: number,
  amounts: Amounts,
): Promise<Bias> {
  const own = await playOwn(client, server.pacedUrl, requests, amounts)
  const told = await server.takeTtft()
  if (told.length !== own.sentInAll) {
    throw new Error(`${server.kind} counted ${told.length} of ${own.sentInAll} streams`)
  }
  const [mine, theirs] = [sortSample(own.ttftMs), sortSample(told)]
  const bias = (p: number) => (quantile(mine, p) ?? Number.NaN) - (quantile(theirs, p) ?? 0)
  return { p50: bias(0.5), p95: bias(0.95), p99: bias(0.99), cpuUsPerStream: own.cpuUsPerStream }
}

/** A reader that only reads the sockets. */
export async function playBare(url: string, requests: number, inFlight: number) {
  const module = new URL('bare-worker.ts', import.meta.url)
  const { ok, durationMs, cpuMs } = await runWorker<BareBlock>(module, { url, inFlight, requests })
  if (ok !== requests) throw new Error(`bare reader: ${ok} of ${requests} ok`)
  return { streamsPerS: (ok * 1000) / durationMs, cpuUsPerStream: (cpuMs * 1000) / ok }
}
