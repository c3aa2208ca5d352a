import { analyse } from '../analysis/analyse.ts'
import type { GateVerdict } from '../model/gate.ts'
import type { Result } from '../model/result.ts'
import type { RunFacts } from '../model/run-facts.ts'
import type { RunRecord } from '../model/run-record.ts'
import { readProbeGates } from '../results/read-probe-gates.ts'
import { readResultFacts } from '../results/read-result-facts.ts'
import { readResultFile } from '../results/read-result-file.ts'
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
  /** Of a probe's result file, whose `result` is empty; undefined for a load run. */
  readonly gates?: readonly GateVerdict[] | undefined
}

const NO_NUMBERS: Result = {
  summaries: [],
  overheads: [],
  significance: [],
  selfReports: [],
  budgets: [],
  warnings: [],
}

/** Reads a file of `--run-file` or `--output-json`. Throws UsageError, naming `path`, for anything else. */
export function parseSavedRun(path: string, bytes: Buffer): SavedRun {
  if (isRunFile(bytes)) return savedRunOf(readRunFile(path, bytes))
  const resultText = bytes.toString('utf8')
  const gates = readProbeGates(resultText)
  if (gates !== undefined) {
    const facts = readResultFacts(resultText)
    return { facts, result: NO_NUMBERS, record: undefined, resultText, gates }
  }
  const result = readResultFile(path, resultText)
  return { facts: readResultFacts(resultText), result, record: undefined, resultText }
}

/** A run that is still in memory. */
export function savedRunOf(record: RunRecord): SavedRun {
  const analysed = analyse(record)
  const warnings = [...record.incidents, ...analysed.warnings]
  const result = { ...analysed, warnings }
  return { facts: factsOf(record), result, record, resultText: undefined }
}

function factsOf({ plan, settings, tool, ...record }: RunRecord): RunFacts {
  const { spec, dataset, startedAt, node, platform, client, partial } = record
  return {
    spec,
    dataset,
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
