import { gate } from './gate-kind.ts'
import { duration, flag, httpUrl, integer, path, secret, text } from './kinds.ts'
import { findingsUrl } from './measurement-kinds.ts'
import { option, optional, repeated } from './option-row.ts'

const PROBE = 'Probe'
const OUTPUT = 'Outputs'

/** Probe mode: the specification's flags, then ours. */
export const PROBE_OPTIONS = {
  workers: option('workers', integer(0, 10_000), 0, {
    group: PROBE,
    help: 'Probe mode: requests in flight; 0 for --concurrency.',
  }),
  retries: option('retries', integer(0, 100), 0, {
    group: PROBE,
    help: 'Probe mode: retries per case on transport or non-2xx errors. A block is never retried.',
  }),
  previewChars: option('preview-chars', integer(1), 90, {
    group: PROBE,
    help: 'Probe mode: length of previews.',
  }),
  showPrompt: option('show-prompt', flag, false, {
    group: PROBE,
    help: 'Probe mode: add a prompt preview column.',
  }),
  repeat: option('repeat', integer(1, 1000), 1, {
    group: PROBE,
    help: 'Probe mode: send every case this many times, to see which verdicts change.',
  }),
  require: repeated('require', gate, {
    group: PROBE,
    help: 'Probe mode: a gate on a score or a bound of its interval, such as tpr.lower>=0.80; may be repeated. A broken one is exit code 1.',
  }),
  blockedWhen: repeated('blocked-when', text, {
    group: PROBE,
    help: 'What else counts as a block, such as status==403, header:x-guard=blocked, json:$.error.code=content_filter or body~regex; may be repeated.',
  }),
  against: optional('against', path, {
    group: PROBE,
    help: 'Probe mode: compare verdicts with those of an earlier run, a file of --output-json.',
  }),
  upstreamLog: optional('upstream-log', httpUrl, {
    group: PROBE,
    help: 'Log of what reached the model, /simulator/log or /tap/log, read after the run. Probe mode: proof of what was stopped. With --cancel-after: which streams ended there, and how late.',
  }),
  findings: optional('findings', findingsUrl, {
    group: PROBE,
    help: 'Probe mode: read what the proxy found from its API after the run, such as llmtrace=http://127.0.0.1:8081.',
  }),
  findingsToken: optional('findings-token', secret, {
    group: PROBE,
    env: 'LLMTRACE_FINDINGS_TOKEN',
    hidden: true,
    help: 'Bearer token of that API; by default the token of the endpoint, where both are one host.',
  }),
  findingsTimeout: option('findings-timeout', duration, 10_000, {
    group: PROBE,
    help: 'How long to wait for findings that are still missing.',
  }),
  findingsMinScore: option('findings-min-score', integer(1, 100), 1, {
    group: PROBE,
    help: 'Security score from which a trace with findings counts as detected.',
  }),

  outputJsonl: optional('output-jsonl', path, {
    group: OUTPUT,
    help: 'Probe mode: a JSON line for every attempt, written as cases are done.',
  }),
  outputCsv: optional('output-csv', path, {
    group: OUTPUT,
    help: 'Probe mode: every attempt as CSV, safe to open in a spreadsheet.',
  }),
  outputJunit: optional('output-junit', path, {
    group: OUTPUT,
    help: 'Probe mode: a JUnit test case for every case, for CI.',
  }),
  outputSarif: optional('output-sarif', path, {
    group: OUTPUT,
    help: 'Probe mode: missed attacks and false positives as SARIF 2.1.0, for code scanning.',
  }),
}
