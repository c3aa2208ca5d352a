import { readFile } from 'node:fs/promises'
import { analyse } from '../../analysis/analyse.ts'
import { okLatencies } from '../../analysis/latencies.ts'
import { runPage } from '../../analysis/run-page.ts'
import { EXIT_CODES } from '../../model/exit-code.ts'
import type { Result } from '../../model/result.ts'
import type { RunRecord } from '../../model/run-record.ts'
import { UsageError } from '../../model/usage-error.ts'
import type { ReportOptions } from '../../options/report-options.ts'
import { markdownReport } from '../../report/markdown-report.ts'
import { preamble } from '../../report/preamble.ts'
import { runReport } from '../../report/run-report.ts'
import { checkWritable, writeTextFile } from '../../results/output-target.ts'
import { buildResult } from '../../results/result-file.ts'
import { isRunFile, readRunFile } from '../../results/run-file-reader.ts'
import type { Io } from '../io.ts'
import { pageText } from '../save-page.ts'
import { renderStored } from '../stored-report.ts'

/** `llmtrace-bench report RUN`: the report of a saved run, computed again from its samples. */
export async function report(path: string, options: ReportOptions, io: Io): Promise<number> {
  if (options.output !== undefined) await checkWritable('--output', options.output)
  const bytes = await readFile(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(
      `${path} cannot be read (${code}); give a file of --run-file or --output-json`,
    )
  })
  const text = isRunFile(bytes)
    ? await renderRun(readRunFile(path, bytes), options.format)
    : await renderStored(path, bytes.toString('utf8'), options.format)
  if (options.output === undefined) io.stdout(text)
  else await writeTextFile(options.output, text)
  return EXIT_CODES.ok.code
}

async function renderRun(record: RunRecord, format: ReportOptions['format']): Promise<string> {
  const analysed = analyse(record)
  const result: Result = { ...analysed, warnings: [...record.incidents, ...analysed.warnings] }
  const { measurements, settings } = record
  if (format === 'text') {
    return preamble(record, undefined) + runReport(result, measurements, settings)
  }
  if (format === 'markdown') return markdownReport(record, result)
  if (format === 'html') return pageText(runPage(record, result))
  const latencies = measurements.map((measurement) => okLatencies(measurement))
  return `${JSON.stringify(buildResult(record, analysed, latencies), undefined, 1)}\n`
}
