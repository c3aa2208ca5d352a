import { writeFile } from 'node:fs/promises'
import { formatRun } from '../../formats/format-run.ts'
import { FORMAT_NAMES, RUN_FORMATS } from '../../formats/index.ts'
import type { RunFormat } from '../../formats/run-format.ts'
import { EXIT_CODES } from '../../model/exit-code.ts'
import { UsageError } from '../../model/usage-error.ts'
import type { ReportOptions } from '../../options/report-options.ts'
import { checkWritable } from '../../results/output-target.ts'
import type { Io } from '../io.ts'
import { exportRun } from '../export-run.ts'
import { openSavedRun } from '../open-saved-run.ts'

const PROBE_FORMATS = FORMAT_NAMES.filter((name) => 'probes' in RUN_FORMATS[name])
const CAPACITY_FORMATS = FORMAT_NAMES.filter((name) => 'capacities' in RUN_FORMATS[name])

/** `llmtrace-bench report RUN`: the report of a saved run, computed again from its samples. */
export async function report(path: string, options: ReportOptions, io: Io): Promise<number> {
  const { format, output, samples } = options
  const {
    binary = false,
    probes = false,
    capacities = false,
    samples: hasSamples = false,
  }: RunFormat = RUN_FORMATS[format]
  if (samples && !hasSamples) {
    throw new UsageError(`--samples is for --format csv, not for ${format}; leave it out`)
  }
  if (binary && output === undefined) {
    throw new UsageError(`--format ${format} is no text; add --output FILE`)
  }
  if (output !== undefined) await checkWritable('--output', output)
  const run = await openSavedRun(path)
  if (run.gates !== undefined && !probes) {
    throw new UsageError(
      `${path} is the result of a probe, which --format ${format} has no tables for; use one of ${PROBE_FORMATS.join(', ')}`,
    )
  }
  if (run.capacity !== undefined && !capacities) {
    throw new UsageError(
      `${path} is the result of --find-capacity, which --format ${format} has no tables for; use one of ${CAPACITY_FORMATS.join(', ')}`,
    )
  }
  const rendered = await formatRun(run, format, { samples })
  if (output !== undefined) await writeFile(output, rendered)
  else io.stdout(typeof rendered === 'string' ? rendered : Buffer.from(rendered).toString())
  await exportRun(run, options, io)
  return EXIT_CODES.ok.code
}
