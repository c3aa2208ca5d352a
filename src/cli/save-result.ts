import { okLatencies } from '../analysis/block-view.ts'
import type { Measurement } from '../model/measurement.ts'
import type { RunOptions } from '../options/run-options.ts'
import { writeJsonFile } from '../results/output-target.ts'
import { buildResult, type ResultInput } from '../results/result-file.ts'
import type { Io } from './io.ts'
import { clientFor } from './open-transport.ts'
import { readVersion } from './version.ts'

type Finished = Pick<
  ResultInput,
  'plan' | 'spec' | 'dataset' | 'partial' | 'measurements' | 'summaries' | 'overheads' | 'warnings'
> & { readonly startedAt: string }

/** Writes the file of `--output-json`, when one is asked for, and says where it is. */
export async function saveResult(options: RunOptions, run: Finished, io: Io): Promise<void> {
  if (options.outputJson === undefined) return
  const result = buildResult({
    ...run,
    headers: { has_token: options.token !== undefined, agent_id: options.agentId ?? null },
    tool: { name: 'llmtrace-bench', version: await readVersion() },
    run: {
      started_at: run.startedAt,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      client: clientFor(options),
      keep_alive: !options.noKeepalive,
    },
    latencies: run.measurements.map((measurement: Measurement) => okLatencies(measurement)),
  })
  await writeJsonFile(options.outputJson, result)
  io.stdout(`Result file: ${options.outputJson}${run.partial ? ' (partial)' : ''}\n`)
}
