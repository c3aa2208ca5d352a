import { EXIT_CODES } from '../../model/exit-code.ts'
import { namedEndpoints } from '../../options/named-endpoints.ts'
import type { RunOptions } from '../../options/run-options.ts'
import { checkWritable } from '../../results/output-target.ts'
import { listenForInterruption } from '../interruption.ts'
import type { Io } from '../io.ts'
import { runLoad } from '../load-run.ts'
import { runCapacity } from '../capacity-run.ts'
import { exitCodeOf } from '../exit-code-of.ts'
import { checkProbeOutputs } from '../probe/probe-outputs.ts'
import { runProbeMode } from '../probe-run.ts'
import { checkReachable } from '../reachable.ts'

/** `llmtrace-bench --url ...` */
export async function run(options: RunOptions, io: Io): Promise<number> {
  if (options.outputJson !== undefined) await checkWritable('--output-json', options.outputJson)
  if (options.runFile !== undefined) await checkWritable('--run-file', options.runFile)
  await checkProbeOutputs(options)
  if (!options.useEnvProxy) {
    for (const { flag, url } of namedEndpoints(options)) await checkReachable(flag, url)
  }
  const interruption = listenForInterruption(io)
  try {
    const code = await runMode(options, io, interruption.signal)
    return interruption.signal.aborted ? EXIT_CODES.interrupted.code : code
  } finally {
    interruption.release()
  }
}

async function runMode(options: RunOptions, io: Io, signal: AbortSignal): Promise<number> {
  if (options.mode === 'probe') return runProbeMode(options, io, signal)
  if (options.findCapacity) return runCapacity(options, io, signal)
  return exitCodeOf(await runLoad(options, io, signal))
}
