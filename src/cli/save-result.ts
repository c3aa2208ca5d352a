import { okLatencies } from '../analysis/latencies.ts'
import type { Result } from '../model/result.ts'
import type { RunRecord } from '../model/run-record.ts'
import { writeJsonFile } from '../results/output-target.ts'
import { buildResult } from '../results/result-file.ts'
import type { Io } from './io.ts'

/** Writes the file of `--output-json`, when one is asked for, and says where it is. */
export async function saveResult(
  path: string | undefined,
  record: RunRecord,
  result: Result,
  io: Io,
): Promise<void> {
  if (path === undefined) return
  const latencies = record.measurements.map((measurement) => okLatencies(measurement))
  await writeJsonFile(path, buildResult(record, result, latencies))
  io.stdout(`Result file: ${path}${record.partial ? ' (partial)' : ''}\n`)
}
