import { UsageError } from '../model/usage-error.ts'
import type { RunOptions } from './run-options.ts'

/** The rules of probe mode. Throws UsageError on the first that is broken. */
export function checkProbeRules(options: RunOptions): void {
  if (options.mode !== 'probe') checkNotProbe(options)
  if (options.findingsToken !== undefined && options.findings === undefined) {
    throw new UsageError(
      '--findings-token is for no API; add --findings llmtrace=URL, or leave it out',
    )
  }
  checkOutputs(options)
}

/** A file that would silently not be written, or a comparison that would silently not be made. */
function checkNotProbe(options: RunOptions): void {
  const given = (
    [
      ['--output-jsonl', options.outputJsonl],
      ['--output-csv', options.outputCsv],
      ['--output-junit', options.outputJunit],
      ['--output-sarif', options.outputSarif],
      ['--against', options.against],
      ['--findings', options.findings && `${options.findings.name}=${options.findings.value}`],
      ['--repeat', options.repeat > 1 ? options.repeat : undefined],
    ] as const
  ).find(([, value]) => value !== undefined)
  if (given === undefined) return
  const [flag, value] = given
  throw new UsageError(`${flag} ${value} belongs to probe mode; add --mode probe, or leave it out`)
}

function checkOutputs(options: RunOptions): void {
  const { outputJson, outputJsonl, outputCsv, outputJunit, outputSarif } = options
  const paths = [outputJson, outputJsonl, outputCsv, outputJunit, outputSarif].filter(
    (path) => path !== undefined && !path.startsWith('/dev/'),
  )
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) {
    throw new UsageError(`two outputs go to ${twice}; give each a file of its own`)
  }
}
