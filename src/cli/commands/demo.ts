import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT_CODES } from '../../model/exit-code.ts'
import { UsageError } from '../../model/usage-error.ts'
import { parseCommandLine } from '../../options/parse.ts'
import type { RunOptions } from '../../options/run-options.ts'
import type { DemoOptions } from '../../options/server-options.ts'
import { calibrationTable } from '../../report/calibration-table.ts'
import { checkWritable } from '../../results/output-target.ts'
import { meanLatencyMs, parseLatencySpec } from '../../stats/latency-spec.ts'
import { readFlag } from '../flag-value.ts'
import { listenForInterruption } from '../interruption.ts'
import type { Io } from '../io.ts'
import { runLoad } from '../load-run.ts'
import { type Chain, startChain } from '../start-chain.ts'

/** `llmtrace-bench demo`: simulator, proxy and sweep, each in a process of its own. */
export async function demo(options: DemoOptions, io: Io): Promise<number> {
  const injected = readFlag('--inject-delay', options.injectDelay, parseLatencySpec)
  readFlag('--ttft', options.ttft, parseLatencySpec)
  const folder = options.outputDir
  await mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw new UsageError(`--output-dir ${folder} cannot be made (${error.message}); choose another`)
  })
  const resultFile = join(folder, 'result.json')
  const page = join(folder, 'report.html')
  await checkWritable('--output-dir', resultFile)

  const interruption = listenForInterruption(io)
  let chain: Chain | undefined
  let printed = ''
  const stdout = (text: string) => {
    printed += text
    io.stdout(text)
  }
  try {
    chain = await startChain({ ...options, app: options.chain, env: io.env })
    const death = new AbortController()
    let cause = ''
    void chain.died.then((text) => {
      cause = text
      io.stderr(`\n${text}; stopping\n`)
      death.abort()
      return undefined
    })
    stdout(`${chain.description}\n`)
    const urls: [string, string] = [chain.direct.url, chain.proxied.url]
    const runOptions = runOptionsOf(options, urls, { resultFile, page })
    const signal = AbortSignal.any([interruption.signal, death.signal])
    const { overheads, summaries } = await runLoad(runOptions, { ...io, stdout, env: {} }, signal, {
      meter: chain.meter,
      tracesAt: options.chain ? chain.proxyUrl : undefined,
    })
    stdout(`\n${calibrationTable(meanLatencyMs(injected), overheads)}`)
    const tables = join(folder, 'tables.md')
    await writeFile(tables, printed)
    io.stdout(`\nFiles: ${resultFile}, ${tables}, ${page}\n`)
    if (interruption.signal.aborted) return EXIT_CODES.interrupted.code
    return cause === '' && summaries.some(({ ok }) => ok > 0)
      ? EXIT_CODES.ok.code
      : EXIT_CODES.runInvalid.code
  } finally {
    interruption.release()
    await chain?.stop()
  }
}

/** The run as a user would ask for it on the command line, so that the demo shows nothing that a user cannot do. */
function runOptionsOf(
  options: DemoOptions,
  [direct, proxy]: [string, string],
  files: { readonly resultFile: string; readonly page: string },
): RunOptions {
  const values: Readonly<Record<string, string>> = {
    '--direct-url': `${direct}/v1/chat/completions`,
    '--proxy-url': `${proxy}/v1/chat/completions`,
    '--model': 'simulated',
    '--requests': String(options.requests),
    '--seed': String(options.seed),
    '--concurrency-list': options.concurrencyList.join(','),
    '--progress-every': String(options.requests),
    // The servers are as cold as the client: their first dozens of answers are not what a proxy costs.
    '--warmup-requests': '40',
    '--output-json': files.resultFile,
    '--report': files.page,
  }
  const argv = [
    ...Object.entries(values).flat(),
    ...(options.noSelfWarmup ? ['--no-self-warmup'] : []),
  ]
  const parsed = parseCommandLine(argv, {})
  if (parsed.command !== 'run') throw new Error('the demo built a command line of another command')
  return parsed.options
}
