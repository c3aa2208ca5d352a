import { parseArgs } from 'node:util'

/** How much is measured. Everything is bounded: a run ends by itself. */
export interface Settings {
  readonly inFlightLevels: readonly number[]
  readonly rounds: number
  readonly warmUpMs: number
  /** One client's turn in one round. Whole seconds, because wrk takes no less. */
  readonly turnSeconds: number
  readonly biasLevels: readonly number[]
  readonly biasRounds: number
  readonly biasSeconds: number
  readonly selfWarmUpMs: number
  readonly memoryRequests: number
  readonly helpRuns: number
  /** A missing peer is an error, not a row that says skipped. */
  readonly requireAll: boolean
  readonly output: string
}

const FULL = {
  inFlightLevels: [1, 10, 50, 200],
  rounds: 4,
  warmUpMs: 1000,
  turnSeconds: 2,
  biasLevels: [10, 50],
  biasRounds: 3,
  biasSeconds: 3,
  selfWarmUpMs: 2000,
  memoryRequests: 1_000_000,
  helpRuns: 10,
}

/** Shows that every part works; its timings say little. */
const QUICK = {
  inFlightLevels: [10],
  rounds: 1,
  warmUpMs: 200,
  turnSeconds: 1,
  biasLevels: [10],
  biasRounds: 1,
  biasSeconds: 0.5,
  selfWarmUpMs: 200,
  memoryRequests: 20_000,
  helpRuns: 2,
}

export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, output: { type: 'string' } },
  })
  return {
    ...(values.quick ? QUICK : FULL),
    requireAll: env['REQUIRE_ALL'] === '1',
    output: values.output ?? 'bench/results/client.json',
  }
}
