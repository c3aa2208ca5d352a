import { answerTask } from '../client/worker.ts'
import { createTransport, runClosedLoop, StreamRecorder, warmUpSelf } from './shipped.ts'
import { REQUEST } from './workload.ts'

export interface StreamTask {
  readonly client: 'lean' | 'undici'
  readonly url: string
  readonly inFlight: number
  readonly requests: number
  readonly selfWarmUpMs: number
}

export interface StreamTimes {
  readonly ok: number
  readonly sentInAll: number
  readonly durationMs: number
  /** CPU time of this process in that duration, user and system. */
  readonly cpuMs: number
  /** Client's TTFT of each ok stream. */
  readonly ttftMs: readonly number[]
  readonly chunks: number
  readonly contentReads: number
}

/** Streams as the command line reads them: warmed up on a null server, then one uncounted wave, then what counts. */
async function stream(task: StreamTask): Promise<StreamTimes> {
  const { client, url, inFlight, requests, selfWarmUpMs } = task
  const { signal } = new AbortController()
  const open = (to: URL, connections: number) =>
    createTransport(client, {
      url: to,
      connections,
      timeoutMs: 60_000,
      keepAlive: true,
      insecure: false,
      useEnvProxy: false,
      captureHeaders: false,
      stream: {},
      now: () => performance.now(),
    })
  await warmUpSelf({
    createTransport: open,
    request: REQUEST,
    durationMs: selfWarmUpMs,
    signal,
  })
  const transport = open(new URL(url), inFlight)
  await transport.open()
  const recorder = new StreamRecorder(requests, 0)
  const ttftMs: number[] = []
  let counting = false
  const run = async (count: number) => {
    let next = 0
    await runClosedLoop({
      concurrency: inFlight,
      next: () => {
        next += 1
        return next > count ? undefined : { sequence: next, promptIndex: 0, delayMs: 0 }
      },
      perform: (_, done) =>
        transport.send(REQUEST, ({ outcome, sentAt, stream: facts }) => {
          if (counting && outcome === 'ok') {
            recorder.record(facts)
            ttftMs.push((facts?.firstTokenAt ?? Number.NaN) - sentAt)
          }
          done()
        }),
      cancel: () => transport.cancel(),
      signal,
    })
  }
  await run(inFlight)
  counting = true
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  await run(requests)
  const durationMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpu)
  await transport.close()
  const { chunks, contentReads } = recorder.columns()
  const sum = (values: Uint32Array) => values.reduce((total, value) => total + value, 0)
  return {
    ok: ttftMs.length,
    sentInAll: requests + inFlight,
    durationMs,
    cpuMs: (user + system) / 1000,
    ttftMs,
    chunks: sum(chunks),
    contentReads: sum(contentReads),
  }
}

export type StreamBlock = typeof stream

answerTask(stream)
