import { analyse } from '../analysis/analyse.ts'
import type { GateVerdict } from '../model/gate.ts'
import type { Result } from '../model/result.ts'
import type { RunFacts } from '../model/run-facts.ts'
import type { RunRecord } from '../model/run-record.ts'
import { type CapacityPage, readCapacityFile } from '../results/read-capacity-file.ts'
import { readProbeGates } from '../results/read-probe-gates.ts'
import { readResultFacts } from '../results/read-result-facts.ts'
import {
  type KeptLatencies,
  parseResultFile,
  readKeptLatencies,
  readResult,
} from '../results/read-result-file.ts'
import { readStreams } from '../results/read-streams.ts'
import { isRunFile, readRunFile } from '../results/run-file-reader.ts'

/** A run as a format gets it, whether it was saved with its samples or as a result file. */
export interface SavedRun {
  readonly facts: RunFacts
  /** What went wrong around the measuring is among its warnings, first. */
  readonly result: Result
  /** The run with its samples; undefined where a result file is all there is. */
  readonly record: RunRecord | undefined
  /** Text of the result file; undefined where it is to be built from the record. */
  readonly resultText: string | undefined
  /** Of a result file, one a summary in the same order; undefined where there are the samples. */
  readonly arms?: readonly KeptLatencies[] | undefined
  /** Of a capacity search's result file, whose `result` is empty as well. */
  readonly capacity?: CapacityPage | undefined
  /** Of a probe's result file, whose `result` is empty; undefined for a load run. */
  readonly gates?: readonly GateVerdict[] | undefined
}

const NO_NUMBERS: Result = {
  summaries: [],
  overheads: [],
  significance: [],
  selfReports: [],
  hops: [],
  servers: [],
  budgets: [],
  warnings: [],
}

/** Reads a file of `--run-file` or `--output-json`. Throws UsageError, naming `path`, for anything else. */
export function parseSavedRun(path: string, bytes: Buffer): SavedRun {
  if (isRunFile(bytes)) return savedRunOf(readRunFile(path, bytes))
  const resultText = bytes.toString('utf8')
  const stored = { record: undefined, resultText }
  const probe = readProbeGates(resultText)
  if (probe !== undefined) {
    const { gates, file } = probe
    return { ...stored, facts: readResultFacts(file), result: NO_NUMBERS, gates }
  }
  const capacity = readCapacityFile(path, resultText)
  if (capacity !== undefined) {
    return { ...stored, facts: readResultFacts({}), result: NO_NUMBERS, capacity }
  }
  const file = parseResultFile(path, resultText)
  const arms = readKeptLatencies(file)
  const result = { ...readResult(file), streams: readStreams(file) }
  return { ...stored, facts: readResultFacts(file), result, arms }
}

/** A run that is still in memory; `analysed` where that is done already. */
export function savedRunOf(record: RunRecord, analysed: Result = analyse(record)): SavedRun {
  const warnings = [...record.incidents, ...analysed.warnings]
  const result = { ...analysed, warnings }
  return { facts: factsOf(record), result, record, resultText: undefined }
}

function factsOf({ plan, settings, tool, ...record }: RunRecord): RunFacts {
  const { spec, dataset, request, startedAt, node, platform, client, partial } = record
  return {
    spec,
    dataset,
    request,
    startedAt,
    toolVersion: tool.version,
    node,
    platform,
    client,
    seed: plan.seed,
    order: plan.order,
    keepAlive: settings.keepAlive,
    partial,
  }
}
