import { UsageError } from '../../model/usage-error.ts'
import type { RunOptions } from '../../options/run-options.ts'
import { checkWritable, writeTextFile } from '../../results/output-target.ts'
import { PROBE_OUTPUTS } from '../../results/probe-outputs/index.ts'
import { JsonlWriter } from '../../results/probe-outputs/jsonl-writer.ts'
import type { ProbeReport } from '../../results/probe-outputs/probe-row.ts'
import type { Io } from '../io.ts'
import { kept } from '../save-result.ts'

type OutputName = keyof typeof PROBE_OUTPUTS

const NAMES = Object.keys(PROBE_OUTPUTS) as OutputName[]

/** Finds out before the run whether its files can be written. Throws UsageError. */
export async function checkProbeOutputs(options: RunOptions): Promise<void> {
  if (options.outputJsonl !== undefined) await checkWritable('--output-jsonl', options.outputJsonl)
  for (const name of NAMES) {
    const path = options[name]
    if (path !== undefined) await checkWritable(PROBE_OUTPUTS[name].flag, path)
  }
}

export function openJsonl({ outputJsonl: path }: RunOptions): JsonlWriter | undefined {
  if (path === undefined) return undefined
  try {
    return new JsonlWriter(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(`--output-jsonl ${path} cannot be written (${code}); choose another path`)
  }
}

/** Ends the file and says where it is; false where it could not be written to its end. */
export function closeJsonl(jsonl: JsonlWriter | undefined, partial: boolean, io: Io): boolean {
  if (jsonl === undefined) return true
  jsonl.close()
  const { path, problem } = jsonl
  if (problem === undefined) {
    io.stdout(`JSON lines: ${path}${partial ? ' (partial)' : ''}\n`)
    return true
  }
  io.stderr(
    `--output-jsonl ${path} ends early (${problem}); what was written before is kept, and what is printed above is complete\n`,
  )
  return false
}

/** Writes the files that are made of the whole run, each whole or not at all; false where one could not be. */
export async function writeProbeOutputs(
  options: RunOptions,
  report: ProbeReport,
  io: Io,
): Promise<boolean> {
  let saved = true
  for (const name of NAMES) {
    const path = options[name]
    if (path === undefined) continue
    const { flag, render } = PROBE_OUTPUTS[name]
    const written = await kept(`${flag} ${path}`, () => writeTextFile(path, render(report)), io)
    if (written) io.stdout(`${flag.slice(2)}: ${path}${report.partial ? ' (partial)' : ''}\n`)
    saved &&= written
  }
  return saved
}
