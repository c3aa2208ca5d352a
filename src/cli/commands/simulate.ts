import { readFileSync } from 'node:fs'
import { UsageError } from '../../model/usage-error.ts'
import type { SimulateOptions } from '../../options/server-options.ts'
import { parseDrift } from '../../servers/simulator/drift.ts'
import { parseStall } from '../../servers/simulator/parse-stall.ts'
import { parseFaultRates, parseFaultSchedule } from '../../servers/simulator/fault-plan.ts'
import { startSimulator } from '../../servers/simulator/start-simulator.ts'
import { type LatencySpec, parseLatencySpec, parseTraceTimes } from '../../stats/latency-spec.ts'
import { readFlag } from '../flag-value.ts'
import type { Io } from '../io.ts'
import { readDirectedAnswers } from '../read-directed-answers.ts'
import { serve } from '../serve.ts'

/** `llmtrace-bench simulate` */
export async function simulate(options: SimulateOptions, io: Io): Promise<number> {
  const { host, port, seed, modelName, logLimit, maxBatch, maxQueue, slowdown, slowBodyMs } =
    options
  const ttft = readFlag('--ttft', options.ttft, readLatency)
  const tokenTime = readFlag('--token-time', options.tokenTime, parseLatencySpec)
  const drift = readFlag('--drift', options.drift, parseDrift)
  const faultRates = readFlag('--faults', options.faults, parseFaultRates)
  const faultSchedule = readFlag('--fault-schedule', options.faultSchedule, parseFaultSchedule)
  const stall = readFlag('--stall', options.stall, parseStall)
  const answers =
    options.answers === undefined
      ? []
      : await readDirectedAnswers(options.answers, io.workingDirectory)
  const { tokenDraw, reasoning, burst, burstAs } = options
  const stream = { tokenDraw, reasoning, burst, burstAs, stall, answers }
  const numbers = { seed, logLimit, maxBatch, maxQueue, slowdown, slowBodyMs }
  const shape = { ttft, tokenTime, drift, faultRates, faultSchedule, modelName }
  return serve(() => startSimulator({ host, port, ...numbers, ...shape, ...stream }), options, io)
}

function readLatency(text: string): LatencySpec {
  if (!text.startsWith('trace:')) return parseLatencySpec(text)
  const file = text.slice('trace:'.length)
  try {
    return { kind: 'trace', timesMs: parseTraceTimes(readFileSync(file, 'utf8')) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(
      `--ttft ${text}: ${reason}; give a file with one time in ms a line, or a JSON array`,
    )
  }
}
