import { gaugesOf } from '../formats/gauges.ts'
import { formatRun } from '../formats/format-run.ts'
import type { SavedRun } from '../formats/saved-run.ts'
import type { ReportOptions } from '../options/report-options.ts'
import { plural } from '../report/plural.ts'
import { redactUrl } from '../results/redact.ts'
import type { Io } from './io.ts'

/** How long a receiver may take, retries included, before the run ends without it. */
const TIMEOUT_MS = 5000

export type ExportOptions = Pick<ReportOptions, 'otlp' | 'otlpSpans' | 'pushPrometheus'>

/**
 * Sends a run to where the options say, after everything was measured and saved. A receiver that fails is told as a
 * warning: the results are there, and can be sent again from the run file.
 */
export async function exportRun(run: SavedRun, options: ExportOptions, io: Io): Promise<void> {
  const { otlp, pushPrometheus: gateway } = options
  if (gateway !== undefined) {
    await attempt(`--push-prometheus ${redactUrl(gateway)}`, io, () => push(run, gateway))
  }
  if (otlp !== undefined) {
    await attempt(`--otlp ${redactUrl(otlp)}`, io, () => sendOtlp(run, otlp, options.otlpSpans))
  }
}

async function attempt(what: string, io: Io, send: () => Promise<string>): Promise<void> {
  try {
    io.stderr(`${what}: ${await send()}\n`)
  } catch (error) {
    io.stderr(
      `Warning: ${what}: not exported (${reasonOf(error)}); the results are kept. Try: llmtrace-bench report RUN with the same flag, RUN being a file of --run-file.\n`,
    )
  }
}

async function push(run: SavedRun, url: string): Promise<string> {
  const { pushPrometheus } = await import('../exporters/push-prometheus.ts')
  const text = String(await formatRun(run, 'prometheus'))
  await pushPrometheus(url, text, TIMEOUT_MS)
  return 'pushed'
}

async function sendOtlp(run: SavedRun, url: string, mostSpans: number): Promise<string> {
  const { exportOtlp } = await import('../exporters/export-otlp.ts')
  const { startedAt, toolVersion } = run.facts
  const gauges = gaugesOf(run)
  const { record } = run
  const sent = { url, gauges, startedAt, toolVersion, record, mostSpans, timeoutMs: TIMEOUT_MS }
  const { spans } = await exportOtlp(sent)
  return `sent ${plural(gauges.length, 'metric')} and ${plural(spans, 'span')}`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // Of several addresses that refused only the first has a message.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : []
  if (first !== undefined) return reasonOf(first)
  return error.message.includes(code) ? error.message : `${code} ${error.message}`.trim()
}
