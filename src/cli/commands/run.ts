import { EXIT_CODES } from '../../model/exit-code.ts'
import { namedEndpoints } from '../../options/named-endpoints.ts'
import type { RunOptions } from '../../options/run-options.ts'
import { DEMO_OPTIONS } from '../../options/server-options.ts'
import { checkWritable } from '../../results/output-target.ts'
import { dryRun } from '../dry-run.ts'
import { listenForInterruption } from '../interruption.ts'
import type { Io } from '../io.ts'
import { runLoad } from '../load-run.ts'
import { runCapacity } from '../capacity-run.ts'
import { exitCodeOf } from '../exit-code-of.ts'
import { startManagedServers } from '../managed/managed-servers.ts'
import type { UsageMeter } from '../managed/usage-meter.ts'
import { checkProbeOutputs } from '../probe/probe-outputs.ts'
import { runProbeMode } from '../probe-run.ts'
import { checkReachable } from '../reachable.ts'
import { startChain } from '../start-chain.ts'

/** `llmtrace-bench --url ...` */
export async function run(options: RunOptions, io: Io): Promise<number> {
  if (options.dryRun) return dryRun(options, io)
  if (options.outputJson !== undefined) await checkWritable('--output-json', options.outputJson)
  if (options.report !== undefined) await checkWritable('--report', options.report)
  if (options.runFile !== undefined) await checkWritable('--run-file', options.runFile)
  await checkProbeOutputs(options)
  const interruption = listenForInterruption(io)
  try {
    const code = options.chain
      ? await runOnChain(options, io, interruption.signal)
      : await runOnManaged(options, io, interruption.signal)
    return interruption.signal.aborted ? EXIT_CODES.interrupted.code : code
  } catch (error) {
    // Ctrl-C while waiting for a server.
    if (error === interruption.signal.reason) return EXIT_CODES.interrupted.code
    throw error
  } finally {
    interruption.release()
  }
}

/** On endpoints of the user's own; those of `--start` are started, measured and ended. */
async function runOnManaged(options: RunOptions, io: Io, signal: AbortSignal): Promise<number> {
  const servers = await startManagedServers(options, io, signal)
  try {
    if (!options.useEnvProxy) {
      for (const { flag, url } of namedEndpoints(options)) await checkReachable(flag, url)
    }
    const { meter } = servers
    return await runMode(options, io, { signal: AbortSignal.any([signal, servers.signal]), meter })
  } finally {
    await servers.stop()
  }
}

/** The same run, on endpoints that are started for it. */
async function runOnChain(options: RunOptions, io: Io, signal: AbortSignal): Promise<number> {
  const { ttft, injectDelay } = DEMO_OPTIONS
  const { seed } = options
  const servers = { app: true, ttft: ttft.default, injectDelay: injectDelay.default, seed }
  const chain = await startChain({ ...servers, env: io.env })
  const death = new AbortController()
  void chain.died.then((text) => {
    io.stderr(`\n${text}; stopping\n`)
    death.abort()
    return undefined
  })
  try {
    io.stdout(`${chain.description}\n`)
    const endpoints = {
      directUrl: chatUrl(chain.direct.url),
      proxyUrl: chatUrl(chain.proxied.url),
      model: options.model ?? 'simulated',
    }
    const { meter } = chain
    const either = AbortSignal.any([signal, death.signal])
    return await runMode({ ...options, ...endpoints }, io, { signal: either, meter })
  } finally {
    await chain.stop()
  }
}

function chatUrl(server: string): string {
  return `${server}/v1/chat/completions`
}

interface Surroundings {
  readonly signal: AbortSignal
  /** Measures the servers that were started for the run. */
  readonly meter: UsageMeter | undefined
}

async function runMode(
  options: RunOptions,
  io: Io,
  { signal, meter }: Surroundings,
): Promise<number> {
  if (options.mode === 'probe') return runProbeMode(options, io, signal)
  if (options.findCapacity) return runCapacity(options, io, signal)
  return exitCodeOf(await runLoad(options, io, signal, meter))
}
