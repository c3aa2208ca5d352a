import { okLatencies } from '../analysis/latencies.ts'
import type { Result } from '../model/result.ts'
import type { RunRecord } from '../model/run-record.ts'
import { writeJsonFile } from '../results/output-target.ts'
import { buildResult } from '../results/result-file.ts'
import type { Io } from './io.ts'

/** Writes the file of `--output-json`, when one is asked for, and says where it is; false when it could not. */
export async function saveResult(
  path: string | undefined,
  record: RunRecord,
  result: Result,
  io: Io,
): Promise<boolean> {
  if (path === undefined) return true
  const latencies = record.measurements.map((measurement) => okLatencies(measurement))
  const saved = await keep(path, buildResult(record, result, latencies), io)
  if (saved) io.stdout(`Result file: ${path}${record.partial ? ' (partial)' : ''}\n`)
  return saved
}

/** A disk that is full only now is no reason to lose the tables: it is told, and the run goes on to its end. */
export async function keep(path: string, value: unknown, io: Io): Promise<boolean> {
  return kept(`--output-json ${path}`, () => writeJsonFile(path, value), io)
}

/** Runs a writing that may fail; false when it did, which is told. */
export async function kept(
  what: string,
  write: () => Promise<void>,
  io: Pick<Io, 'stderr'>,
): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    // What is no failure of the file system is a bug, and ends with its stack.
    if (!(error instanceof Error && 'code' in error)) throw error
    const code = String(error.code)
    io.stderr(`${what} could not be written (${code}); what is printed above is complete\n`)
    return false
  }
}
