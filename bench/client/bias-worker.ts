import { parseServerTiming } from '../../src/wire/headers.ts'
import { openOwnTransport, ownRequests, type OwnClient } from './own-client.ts'
import { runBlock, warmUpSelf } from './shipped.ts'
import { answerTask } from './worker.ts'

interface BiasTask {
  readonly client: OwnClient
  readonly url: string
  readonly inFlight: number
  readonly requests: number
  readonly selfWarmUpMs: number
}

interface BiasTimes {
  readonly sentInAll: number
  readonly ok: number
  /** E2E latency of each ok request. */
  readonly clientMs: readonly number[]
  /** The server's own time for the same requests, in the same order. */
  readonly serverMs: readonly number[]
}

/** One block as the command line runs it: warmed up on a null server, then one uncounted wave, then what counts. */
async function time(task: BiasTask): Promise<BiasTimes> {
  const { client, url, inFlight, requests, selfWarmUpMs } = task
  const signal = new AbortController().signal
  const open = (to: URL, connections: number) =>
    openOwnTransport(client, to, { connections, captureHeaders: true })
  const [request] = ownRequests
  await warmUpSelf({ createTransport: open, request, durationMs: selfWarmUpMs, signal })
  const transport = open(new URL(url), inFlight)
  const clientMs: number[] = []
  // Kept as they came and read afterwards: reading them here would make the next request late.
  const headers: string[] = []
  await runBlock(
    {
      endpoint: { name: 'target', url, baseline: true },
      concurrency: inFlight,
      requests,
      warmupRequests: inFlight,
    },
    {
      transport,
      requests: ownRequests,
      jitterMs: 0,
      random: () => 0,
      redact: (text) => text,
      signal,
      onProgress: (_done, exchange) => {
        if (exchange.outcome !== 'ok') return
        clientMs.push(exchange.endedAt - exchange.sentAt)
        headers.push(exchange.rawHeaders ?? '')
      },
    },
  )
  await transport.close()
  const serverMs = headers.map((block) => {
    const [, value = ''] = /^server-timing: (.*)$/im.exec(block) ?? []
    return parseServerTiming(value)['total'] ?? Number.NaN
  })
  return { sentInAll: requests + inFlight, ok: clientMs.length, clientMs, serverMs }
}

export type TimeBlock = typeof time

answerTask(time)
