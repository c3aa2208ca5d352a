import type { TapOptions } from '../../options/tap-options.ts'
import { checkWritable } from '../../results/output-target.ts'
import { startTap } from '../../servers/tap/start-tap.ts'
import type { Io } from '../io.ts'
import { serve } from '../serve.ts'

/** `llmtrace-bench tap` */
export async function tap(options: TapOptions, io: Io): Promise<number> {
  const { host, port, upstream = '', logLimit, log: logFile } = options
  if (logFile !== undefined) await checkWritable('--log', logFile)
  const upstreamTimeoutMs = options.upstreamTimeoutSeconds * 1000
  const onLogFailure = (error: Error) =>
    io.stderr(`--log ${logFile}: nothing more is written (${error.message})\n`)
  return serve(
    () => startTap({ host, port, upstream, upstreamTimeoutMs, logFile, logLimit, onLogFailure }),
    options,
    io,
  )
}
