import type { Exchange } from '../model/exchange.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Plan } from '../model/plan.ts'
import { type Block, sequentialBlocks } from '../schedule/blocks.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'
import { runBlock } from './run-block.ts'

export interface RunContext {
  /** Opens a transport for a block: the endpoint's own pool of exactly `block.concurrency` connections. */
  readonly createTransport: (block: Block) => Transport
  readonly requests: readonly PreparedRequest[]
  /** A fresh seeded source, uniform in [0, 1), for the block of that index. */
  readonly createRandom: (blockIndex: number) => () => number
  readonly redact: (text: string) => string
  readonly onBlockStart: (block: Block) => void
  readonly onProgress: (block: Block, done: number, exchange: Exchange) => void
  readonly onBlockEnd: (measurement: Measurement) => void
  readonly signal: AbortSignal
}

/** Runs a plan block by block. When the signal is aborted, what was measured so far is returned, marked partial. */
export async function runPlan(plan: Plan, context: RunContext): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  for (const [index, block] of sequentialBlocks(plan).entries()) {
    if (context.signal.aborted) break
    context.onBlockStart(block)
    const transport = context.createTransport(block)
    const measurement = await runBlock(block, {
      transport,
      requests: context.requests,
      jitterMs: plan.jitterMs,
      random: context.createRandom(index),
      redact: context.redact,
      onProgress: (done, exchange) => context.onProgress(block, done, exchange),
      signal: context.signal,
    }).finally(() => transport.close())
    measurements.push(measurement)
    context.onBlockEnd(measurement)
  }
  return measurements
}
