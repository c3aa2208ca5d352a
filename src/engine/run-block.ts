import type { Exchange } from '../model/exchange.ts'
import type { Measurement, SampleColumns } from '../model/measurement.ts'
import type { Milliseconds } from '../model/units.ts'
import type { Block } from '../schedule/blocks.ts'
import { createClosedLoop } from '../schedule/closed-loop.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'
import { runClosedLoop } from './closed-loop-runner.ts'
import { createErrorExamples } from './error-examples.ts'
import { createRecorder } from './recorder.ts'

export interface BlockContext {
  readonly transport: Transport
  readonly requests: readonly PreparedRequest[]
  readonly jitterMs: Milliseconds
  readonly random: () => number
  readonly redact: (text: string) => string
  readonly onProgress: (done: number, exchange: Exchange) => void
  readonly signal: AbortSignal
}

/** Runs one block: connections first, then one uncounted wave, then the requests that count. */
export async function runBlock(block: Block, context: BlockContext): Promise<Measurement> {
  const { transport, requests, jitterMs, random, signal } = context
  const { concurrency } = block
  await transport.open()
  const loop = { transport, requests, concurrency, signal }
  const warmup = {
    requests: block.warmupRequests,
    promptCount: requests.length,
    jitterMs: 0,
    random,
  }
  await runClosedLoop({ ...loop, next: createClosedLoop(warmup), onSample: () => {} })

  const recorder = createRecorder(block.requests)
  const examples = createErrorExamples(context.redact)
  const counted = { requests: block.requests, promptCount: requests.length, jitterMs, random }
  let done = 0
  await runClosedLoop({
    ...loop,
    next: createClosedLoop(counted),
    onSample: (slot, exchange) => {
      recorder.record(slot, exchange)
      done += 1
      if (exchange.outcome !== 'ok' && exchange.outcome !== 'cancelled') examples.add(exchange)
      context.onProgress(done, exchange)
    },
  })
  const samples = recorder.columns()
  return {
    endpoint: block.endpoint.name,
    url: block.endpoint.url,
    concurrency,
    planned: block.requests,
    samples,
    durationMs: spanMs(samples),
    errorExamples: examples.list(),
    partial: signal.aborted,
  }
}

/** First send to last end; 0 without samples. */
function spanMs(samples: SampleColumns): Milliseconds {
  if (samples.length === 0) return 0
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const at of samples.sentAt) if (at < first) first = at
  for (const at of samples.endedAt) if (at > last) last = at
  return last - first
}
