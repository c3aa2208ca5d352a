import { analyseProbe, baselineEndpoint, judgedEndpoint } from '../analysis/analyse-probe.ts'
import { pageHead } from '../analysis/run-page.ts'
import { EXIT_CODES } from '../model/exit-code.ts'
import type { ProbeAnalysis } from '../model/probe-analysis.ts'
import type { ProbedCase } from '../model/probe.ts'
import { blockedWord, expectedWord } from '../model/verdict.ts'
import type { RunOptions } from '../options/run-options.ts'
import { evidenceNotes } from '../report/evidence-notes.ts'
import { probeJobSummary } from '../report/job-summary.ts'
import { probePreamble } from '../report/probe-preamble.ts'
import { probeReport } from '../report/probe-report.ts'
import { probeHead, probeRow } from '../report/probe-table.ts'
import { buildProbeResult } from '../results/probe-file.ts'
import { createRedactor } from '../results/redact.ts'
import type { Io } from './io.ts'
import { appendJobSummary } from './job-summary.ts'
import { createOrderedPrinter } from './ordered-printer.ts'
import { secretsOf } from './prepare-requests.ts'
import { prepareRun, type PreparedRun } from './prepare-run.ts'
import { collect, type Collected } from './probe/collect.ts'
import { readEarlierRun } from './probe/earlier-run.ts'
import { FindingsReader } from './probe/findings-reader.ts'
import { ProbeIds } from './probe/probe-ids.ts'
import { closeJsonl, openJsonl, writeProbeOutputs } from './probe/probe-outputs.ts'
import { findRowPlaces } from './probe/row-places.ts'
import { UpstreamWitness } from './probe/upstream-witness.ts'
import { readUserRules } from '../library/read-user-rules.ts'
import { savePage } from './save-page.ts'
import { keep } from './save-result.ts'

/** Runs probe mode: a row for each attempt, in the dataset's order; resolves to the exit code. */
export async function runProbeMode(
  options: RunOptions,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const rules = readUserRules(options.blockedWhen)
  const prepared = await prepareRun(options, io)
  const { prompts, head } = prepared
  const { endpoints } = head.plan
  const earlier =
    options.against === undefined ? undefined : await readEarlierRun(options.against, prompts)
  const jsonl = openJsonl(options)
  const workers = options.workers === 0 ? options.concurrency : options.workers
  io.stdout(probePreamble(prepared.publicHead, prepared.description, workers))
  const sources = await openSources(options, prepared, io)
  io.stdout(probeHead(options, endpoints.length > 1))
  const printer = createOrderedPrinter(io.stdout)
  const collected = await collect({
    options,
    prepared,
    describing: {
      model: head.spec.model,
      judging: { rules, baseline: baselineEndpoint(endpoints) },
      redact: createRedactor(secretsOf(options)),
    },
    workers: Math.min(workers, prompts.length * options.repeat),
    ...sources,
    jsonl,
    onRows: (place, rows) => printer.add(place, rowsText(rows, options, endpoints.length > 1)),
    signal,
  })
  printer.flush()
  const analysis = analyseProbe({
    probed: collected.probed,
    prompts,
    endpoints,
    temperature: head.spec.temperature,
    labelled: head.dataset !== undefined,
    gates: options.require,
    earlier,
  })
  const notes = evidenceNotes(collected.evidence)
  const tables = `${probeReport(collected.probed, analysis)}${notes === '' ? '' : `\n${notes}`}`
  io.stdout(`\n${tables}`)
  await appendJobSummary((mostBytes) => probeJobSummary(tables, mostBytes), io)
  const kept = closeJsonl(jsonl, signal.aborted, io)
  const saved = await saveFiles({ options, prepared, collected, analysis, io, signal })
  return kept && saved ? exitCode(collected, analysis) : EXIT_CODES.runInvalid.code
}

/** Who else is asked what became of the requests. */
async function openSources(options: RunOptions, prepared: PreparedRun, io: Io) {
  const ids = new ProbeIds()
  const judged = judgedEndpoint(prepared.head.plan.endpoints)
  const { upstreamLog, findings } = options
  const upstream = upstreamLog === undefined ? undefined : new UpstreamWitness(upstreamLog, options)
  const problem = await upstream?.open()
  if (problem !== undefined) io.stderr(`${problem}; the run goes on without it\n`)
  else if (upstream !== undefined) io.stdout('Rows follow when the upstream log has been read.\n\n')
  return {
    ids,
    upstream,
    findings:
      findings === undefined
        ? undefined
        : new FindingsReader(findings, { options, prepared, ids, judged }),
  }
}

function rowsText(rows: readonly ProbedCase[], options: RunOptions, several: boolean): string {
  return rows
    .map((one) =>
      probeRow(
        {
          ...one,
          blocked: blockedWord(one.verdict),
          expected: expectedWord(one.label),
          endpoint: several ? one.endpoint : undefined,
        },
        options,
      ),
    )
    .join('')
}

interface Saving {
  readonly options: RunOptions
  readonly prepared: PreparedRun
  readonly collected: Collected
  readonly analysis: ProbeAnalysis
  readonly io: Io
  readonly signal: AbortSignal
}

/** False where a file could not be written. */
async function saveFiles(saving: Saving): Promise<boolean> {
  const { options, prepared, collected, analysis, io, signal } = saving
  const { publicHead: head } = prepared
  const { probed, evidence } = collected
  const partial = signal.aborted
  const judged = judgedEndpoint(head.plan.endpoints)
  let saved = true
  if (options.outputJson !== undefined) {
    const outcome = { judged, repeats: options.repeat, probed, analysis, evidence, partial }
    saved = await keep(options.outputJson, buildProbeResult(head, outcome), io)
    if (saved) io.stdout(`Result file: ${options.outputJson}${partial ? ' (partial)' : ''}\n`)
  }
  const page = () => ({
    head: pageHead(head, partial),
    probe: { detection: analysis.detection, gates: analysis.gates, cases: probed },
  })
  if (!(await savePage(options.report, page, io))) saved = false
  const located = options.outputSarif !== undefined
  const placeOf = located ? await findRowPlaces(options, io.workingDirectory) : () => undefined
  const written = await writeProbeOutputs(options, { head, judged, probed, partial, placeOf }, io)
  return saved && written
}

function exitCode({ probed }: Collected, { gates }: ProbeAnalysis): number {
  if (!probed.some(({ status }) => status !== undefined)) return EXIT_CODES.runInvalid.code
  const broken = gates.some(({ state }) => state === 'FAIL')
  return broken ? EXIT_CODES.gateFailed.code : EXIT_CODES.ok.code
}
