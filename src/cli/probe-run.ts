import { detect } from '../analysis/detection.ts'
import { judgeGates } from '../analysis/gates.ts'
import { judgeCase } from '../analysis/judged-case.ts'
import { pageHead } from '../analysis/run-page.ts'
import { type ProbeArm, runProbe } from '../engine/run-probe.ts'
import { EXIT_CODES } from '../model/exit-code.ts'
import type { ProbeAttempt, ProbedCase } from '../model/probe.ts'
import type { Prompt } from '../model/prompt.ts'
import { blockedWord, expectedWord, type Verdict } from '../model/verdict.ts'
import type { RunOptions } from '../options/run-options.ts'
import { detectionReport } from '../report/detection-tables.ts'
import { gateTable } from '../report/gate-table.ts'
import { probeJobSummary } from '../report/job-summary.ts'
import { probePreamble } from '../report/probe-preamble.ts'
import { probeSummary } from '../report/probe-summary.ts'
import { probeHead, probeRow, shorten } from '../report/probe-table.ts'
import { buildProbeResult } from '../results/probe-file.ts'
import { createRedactor } from '../results/redact.ts'
import { classify } from '../verdict/classify.ts'
import { previewOf } from '../verdict/preview.ts'
import type { Io } from './io.ts'
import { appendJobSummary } from './job-summary.ts'
import { replyOf } from '../library/reply-of.ts'
import { type JudgeOptions, judgeAttempts } from './judge-attempts.ts'
import { openTransport } from './open-transport.ts'
import { createOrderedPrinter } from './ordered-printer.ts'
import { secretsOf } from './prepare-requests.ts'
import { prepareRun, type PreparedRun } from './prepare-run.ts'
import { readUserRules } from '../library/read-user-rules.ts'
import { savePage } from './save-page.ts'
import { keep } from './save-result.ts'

/** Longest preview that is kept in the result file. */
const KEPT_PREVIEW = 400

/** Runs probe mode: a row for each attempt, in the dataset's order; resolves to the exit code. */
export async function runProbeMode(
  options: RunOptions,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const rules = readUserRules(options.blockedWhen)
  const prepared = await prepareRun(options, io)
  const { publicHead, prompts } = prepared
  const workers = options.workers === 0 ? options.concurrency : options.workers
  const endpoints = publicHead.plan.endpoints
  const several = endpoints.length > 1
  const baseline = several ? endpoints.find((one) => one.baseline)?.name : undefined
  io.stdout(probePreamble(publicHead, prepared.description, workers))
  io.stdout(probeHead(options, several))
  const printer = createOrderedPrinter(io.stdout)
  const probed = await probeAll(options, prepared, {
    judging: { rules, baseline },
    workers: Math.min(workers, prompts.length),
    onCase: (place, cases) => {
      const rows = cases.map((one) =>
        probeRow(
          { ...one, ...wordsOf(one), endpoint: several ? one.endpoint : undefined },
          options,
        ),
      )
      printer.add(place, rows.join(''))
    },
    signal,
  })
  printer.flush()
  io.stdout(`\n${probeSummary(probed)}`)
  const detection = detectionOf(prepared, probed)
  const gates = judgeGates(options.require, detection ?? detect([]))
  const tables = [
    detection === undefined ? '' : `\n${detectionReport(detection)}`,
    gates.length === 0 ? '' : `\n${gateTable(gates)}`,
  ].join('')
  io.stdout(tables)
  await appendJobSummary(
    (mostBytes) => probeJobSummary(probeSummary(probed) + tables, mostBytes),
    io,
  )
  if (options.outputJson !== undefined) {
    const file = buildProbeResult(publicHead, { probed, detection, gates, partial: signal.aborted })
    if (!(await keep(options.outputJson, file, io))) return EXIT_CODES.runInvalid.code
    io.stdout(`Result file: ${options.outputJson}${signal.aborted ? ' (partial)' : ''}\n`)
  }
  const page = () => ({
    head: pageHead(publicHead, signal.aborted),
    probe: { detection, gates, cases: probed },
  })
  if (!(await savePage(options.report, page, io))) return EXIT_CODES.runInvalid.code
  if (!probed.some(({ status }) => status !== undefined)) return EXIT_CODES.runInvalid.code
  const broken = gates.some(({ state }) => state === 'FAIL')
  return broken ? EXIT_CODES.gateFailed.code : EXIT_CODES.ok.code
}

/** Scores of what stands before the model: the first endpoint that is not the baseline, or the only one. */
function detectionOf({ head, prompts }: PreparedRun, probed: readonly ProbedCase[]) {
  if (head.dataset === undefined) return undefined
  const { endpoints } = head.plan
  const judged = endpoints.find((one) => !one.baseline) ?? endpoints[0]
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]))
  const cases = probed.flatMap(({ caseId, endpoint, last, verdict }) => {
    const prompt = byId.get(caseId)
    return !last || endpoint !== judged?.name || prompt === undefined
      ? []
      : (judgeCase(prompt, verdict) ?? [])
  })
  return detect(cases)
}

function wordsOf({ verdict, label }: ProbedCase) {
  return { blocked: blockedWord(verdict), expected: expectedWord(label) }
}

interface Probing {
  readonly judging: JudgeOptions
  readonly workers: number
  readonly onCase: (place: number, cases: readonly ProbedCase[]) => void
  readonly signal: AbortSignal
}

async function probeAll(
  options: RunOptions,
  { head, prompts, requestsOf }: PreparedRun,
  { judging, workers, onCase, signal }: Probing,
): Promise<ProbedCase[]> {
  const arms: ProbeArm[] = head.plan.endpoints.map((endpoint) => ({
    endpoint: endpoint.name,
    transport: openTransport(options, new URL(endpoint.url), workers),
    requests: requestsOf(endpoint),
  }))
  const redact = createRedactor(secretsOf(options))
  const factsOf = ({ text }: Prompt) => ({ model: head.spec.model, prompt: text })
  const probed: ProbedCase[] = []
  const cases = prompts.length
  const closeAll = () => Promise.all(arms.map(({ transport }) => transport.close()))
  await runProbe({
    cases,
    workers,
    arms,
    again: ({ attempt, caseIndex, exchange }) => {
      const prompt = prompts[caseIndex]
      if (prompt === undefined || attempt > options.retries || exchange.outcome === 'ok')
        return false
      // A block is an answer, and is never asked for twice.
      return classify(replyOf(exchange), factsOf(prompt), judging).kind !== 'blocked'
    },
    onCase: (place, attempts) => {
      const prompt = prompts[place]
      if (prompt === undefined) return
      const verdicts = judgeAttempts(attempts, factsOf(prompt), judging)
      const done = attempts.flatMap((one, index): ProbedCase[] => {
        const verdict = verdicts[index]
        const last = attempts[index + 1]?.endpoint !== one.endpoint
        return verdict === undefined
          ? []
          : [{ ...describe(prompt, one, redact), last, verdict: redactVerdict(verdict, redact) }]
      })
      probed.push(...done)
      onCase(place, done)
    },
    signal,
  }).finally(closeAll)
  return probed
}

/** Evidence quotes replies, and a careless gateway repeats the token in them. */
function redactVerdict(verdict: Verdict, redact: (text: string) => string): Verdict {
  const evidence = verdict.evidence.map((one) => ({ ...one, quote: redact(one.quote) }))
  return { ...verdict, evidence }
}

function describe(
  { id, text, label, category, subcategory }: Prompt,
  { endpoint, attempt, exchange }: ProbeAttempt,
  redact: (text: string) => string,
): Omit<ProbedCase, 'verdict' | 'last'> {
  return {
    caseId: id,
    label,
    category,
    subcategory,
    endpoint,
    attempt,
    status: exchange.status,
    latencyMs: exchange.endedAt - exchange.sentAt,
    prompt: text,
    // Redacted before it is cut: half a secret would not be recognised.
    preview: shorten(redact(previewOf(replyOf(exchange))), KEPT_PREVIEW),
  }
}
