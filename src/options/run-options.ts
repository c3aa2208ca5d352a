import { SUITES } from '../model/suite.ts'
import {
  choice,
  decimal,
  flag,
  header,
  httpUrl,
  integer,
  integerList,
  jsonObject,
  path,
  secret,
  text,
  textList,
} from './kinds.ts'
import { MANAGED_OPTIONS } from './managed-options.ts'
import { EXPORT_OPTIONS } from './export-options.ts'
import { CONFIG_OPTIONS } from './config-options.ts'
import { MEASUREMENT_OPTIONS } from './measurement-options.ts'
import { PROBE_OPTIONS } from './probe-options.ts'
import { option, optional, type OptionsOf, repeated } from './option-row.ts'
import { STREAM_OPTIONS } from './stream-options.ts'

const TARGET = 'Target selection'
const REQUEST = 'Request shaping'
const DATASET = 'Dataset driving'
const LOAD = 'Execution and load'
const CLIENT = 'HTTP client'
const OUTPUT = 'Outputs'

/** The options of the main command: the specification's, by its names and with its defaults, then ours. */
export const RUN_OPTIONS = {
  url: optional('url', httpUrl, {
    group: TARGET,
    help: 'Single target URL: run one endpoint only.',
  }),
  directUrl: optional('direct-url', httpUrl, {
    group: TARGET,
    help: 'Model endpoint without the proxy, for comparisons; goes with --proxy-url.',
  }),
  proxyUrl: optional('proxy-url', httpUrl, {
    group: TARGET,
    help: 'Proxy endpoint, for comparisons; goes with --direct-url.',
  }),
  chain: option('chain', flag, false, {
    group: TARGET,
    help: 'Measure the embedded chain (app, proxy, simulated model) instead of endpoints of your own.',
  }),

  ...MANAGED_OPTIONS,
  ...MEASUREMENT_OPTIONS,

  model: optional('model', text, { group: REQUEST, help: 'Model name (required).' }),
  system: option('system', text, 'You are a helpful assistant.', {
    group: REQUEST,
    help: 'System prompt.',
  }),
  prompt: option('prompt', text, 'Return a one-word response: OK.', {
    group: REQUEST,
    help: 'User prompt of runs without a dataset.',
  }),
  temperature: option('temperature', decimal(0), 0, {
    group: REQUEST,
    help: 'Sampling temperature.',
  }),
  maxTokens: option('max-tokens', integer(1), 16, {
    group: REQUEST,
    help: 'Completion token cap.',
  }),
  timeoutSeconds: option('timeout-seconds', decimal(0, true), 60, {
    group: REQUEST,
    help: 'Time limit of a request, connecting included.',
  }),
  token: optional('token', secret, {
    group: REQUEST,
    env: 'LLMTRACE_TOKEN',
    hidden: true,
    help: 'Adds "Authorization: Bearer ..." to every request. Never printed or stored.',
  }),
  agentId: optional('agent-id', text, {
    group: REQUEST,
    help: 'Adds "X-LLMTrace-Agent-ID: ..." to every request.',
  }),
  header: repeated('header', header, {
    group: REQUEST,
    hidden: true,
    help: 'Adds a header to every request, or as endpoint:Name=value to those of one endpoint; may be repeated.',
  }),
  body: optional('body', jsonObject, {
    group: REQUEST,
    help: 'Adds these fields to every request body.',
  }),
  ...STREAM_OPTIONS,

  datasetFile: optional('dataset-file', path, {
    group: DATASET,
    help: 'Prompts from one dataset file: a JSON array or JSONL of objects with id, text, label.',
  }),
  datasetSuite: optional('dataset-suite', choice(SUITES, '<suite>'), {
    group: DATASET,
    help: 'Prompts from benchmarks/datasets/: core, external, or all (both); or dlp, output, shape, mini: ours, each for one question, outside the headline rates.',
  }),
  datasetSkipInvalid: option('dataset-skip-invalid', flag, false, {
    group: DATASET,
    help: 'Leave bad rows out, and say how many, instead of refusing the dataset.',
  }),
  datasetLabel: option('dataset-label', choice(['benign', 'malicious', 'all']), 'all', {
    group: DATASET,
    help: 'Only prompts with this label.',
  }),
  categoryContains: option('category-contains', textList, [], {
    group: DATASET,
    help: 'Only categories that contain one of these, whatever the case.',
  }),
  subcategoryContains: option('subcategory-contains', textList, [], {
    group: DATASET,
    help: 'Only subcategories that contain one of these, whatever the case.',
  }),
  datasetLimit: option('dataset-limit', integer(0), 0, {
    group: DATASET,
    help: 'At most this many prompts, after filtering; 0 for all.',
  }),
  datasetShuffleSeed: option('dataset-shuffle-seed', integer(0), 0, {
    group: DATASET,
    help: 'Shuffles the prompts, the same way for the same seed; 0 keeps their order.',
  }),

  mode: option('mode', choice(['load', 'probe']), 'load', {
    group: LOAD,
    help: 'load: aggregate statistics. probe: a table with one row per case.',
  }),
  requests: option('requests', integer(1), 100, {
    group: LOAD,
    help: 'Total requests per endpoint and level.',
  }),
  concurrency: option('concurrency', integer(1, 10_000), 10, {
    group: LOAD,
    help: 'Requests in flight.',
  }),
  concurrencyList: optional('concurrency-list', integerList(1), {
    group: LOAD,
    help: 'Sweep these levels instead of --concurrency, such as 1,2,5,10,20.',
  }),
  quiet: option('quiet', flag, false, {
    group: OUTPUT,
    help: 'Leave out the preamble and all progress; tables, warnings and errors stay.',
  }),
  progressEvery: option('progress-every', integer(0), 0, {
    group: LOAD,
    help: 'Print progress every N completed requests; 0 for never.',
  }),
  jitterMs: option('jitter-ms', decimal(0), 0, {
    group: LOAD,
    help: 'Random pause of up to this many ms before each request.',
  }),
  ...PROBE_OPTIONS,
  warmupRequests: optional('warmup-requests', integer(0), {
    group: LOAD,
    help: 'Uncounted requests before each level; by default one per request in flight.',
  }),
  noSelfWarmup: option('no-self-warmup', flag, false, {
    group: LOAD,
    help: 'Do not warm up the client itself first; its first second is slow.',
  }),
  noVerdicts: option('no-verdicts', flag, false, {
    group: LOAD,
    help: 'Load mode: do not look for blocks in the replies; for more throughput than one core can read.',
  }),
  seed: option('seed', integer(0), 1, { group: LOAD, help: 'Seed of everything random.' }),

  client: option('client', choice(['auto', 'lean', 'undici']), 'auto', {
    group: CLIENT,
    help: 'HTTP client: lean for http, undici for https and proxies; auto chooses.',
  }),
  clientWorkers: option('client-workers', integer(1, 64), 1, {
    group: CLIENT,
    help: 'Threads that share out the sending, where one cannot keep up; each needs an idle core.',
  }),
  noKeepalive: option('no-keepalive', flag, false, {
    group: CLIENT,
    help: 'Open a connection for every request.',
  }),
  traceparent: option('traceparent', flag, false, {
    group: CLIENT,
    help: 'Send a traceparent header (W3C Trace Context) of its own with every request, so that spans of the proxy and of --otlp meet.',
  }),
  insecure: option('insecure', flag, false, { group: CLIENT, help: 'Accept any TLS certificate.' }),
  useEnvProxy: option('use-env-proxy', flag, false, {
    group: CLIENT,
    help: 'Go through HTTP_PROXY or HTTPS_PROXY.',
  }),

  ...CONFIG_OPTIONS,

  ...EXPORT_OPTIONS,

  outputJson: optional('output-json', path, {
    group: OUTPUT,
    help: 'Write inputs and raw results (latencies, status counts) to this JSON file.',
  }),
  report: optional('report', path, {
    group: OUTPUT,
    help: 'Write a page with charts to this HTML file; it is whole in itself, and loads nothing.',
  }),
}

export type RunOptions = OptionsOf<typeof RUN_OPTIONS>
