import { EXIT_CODES } from '../../model/exit-code.ts'
import { namedEndpoints } from '../../options/named-endpoints.ts'
import type { RunOptions } from '../../options/run-options.ts'
import { DEMO_OPTIONS } from '../../options/server-options.ts'
import { checkWritable } from '../../results/output-target.ts'
import { listenForInterruption } from '../interruption.ts'
import type { Io } from '../io.ts'
import { runLoad } from '../load-run.ts'
import { runCapacity } from '../capacity-run.ts'
import { exitCodeOf } from '../exit-code-of.ts'
import { runProbeMode } from '../probe-run.ts'
import { checkReachable } from '../reachable.ts'
import { startChain } from '../start-chain.ts'

/** `llmtrace-bench --url ...` */
export async function run(options: RunOptions, io: Io): Promise<number> {
  if (options.outputJson !== undefined) await checkWritable('--output-json', options.outputJson)
  if (options.runFile !== undefined) await checkWritable('--run-file', options.runFile)
  if (!options.useEnvProxy && !options.chain) {
    for (const { flag, url } of namedEndpoints(options)) await checkReachable(flag, url)
  }
  const interruption = listenForInterruption(io)
  try {
    const code = options.chain
      ? await runOnChain(options, io, interruption.signal)
      : await runMode(options, io, interruption.signal)
    return interruption.signal.aborted ? EXIT_CODES.interrupted.code : code
  } finally {
    interruption.release()
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
    return await runMode({ ...options, ...endpoints }, io, AbortSignal.any([signal, death.signal]))
  } finally {
    await chain.stop()
  }
}

function chatUrl(server: string): string {
  return `${server}/v1/chat/completions`
}

async function runMode(options: RunOptions, io: Io, signal: AbortSignal): Promise<number> {
  if (options.mode === 'probe') return runProbeMode(options, io, signal)
  if (options.findCapacity) return runCapacity(options, io, signal)
  return exitCodeOf(await runLoad(options, io, signal))
}
