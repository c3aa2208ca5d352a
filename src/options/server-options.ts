import {
  byteSize,
  choice,
  decimal,
  flag,
  httpUrl,
  integer,
  integerList,
  path,
  secret,
  text,
} from './kinds.ts'
import { option, optional, type OptionsOf } from './option-row.ts'
import { PROXY_POLICY_OPTIONS } from './proxy-policy-options.ts'

export const LISTEN = 'Listening'
const LATENCY = 'Latency'
const ANSWERS = 'Answers'
const FAULTS = 'Faults'
export const FORWARD = 'Forwarding'
const OBSERVE = 'Observability'
const DEMO = 'Demo'
const APP = 'The app'

const CHATBOT_SYSTEM = 'You are the assistant of a shop. Answer briefly.'

export const host = option('host', text, '127.0.0.1', {
  group: LISTEN,
  help: 'Address to listen on.',
})
const seed = option('seed', integer(0), 1, { group: LISTEN, help: 'Seed of everything random.' })
export const stopWithParent = option('stop-with-parent', flag, false, {
  group: LISTEN,
  help: 'Stop when standard input ends, so that no server outlives what started it.',
})

export const SIMULATE_OPTIONS = {
  host,
  port: option('port', integer(0, 65_535), 8082, {
    group: LISTEN,
    help: 'Port to listen on; 0 for a free one.',
  }),
  seed,
  stopWithParent,
  modelName: option('model-name', text, 'simulated', {
    group: LISTEN,
    help: 'Name in /v1/models.',
  }),
  logLimit: option('log-limit', integer(1), 100_000, {
    group: LISTEN,
    help: 'Arrivals kept for /simulator/log.',
  }),
  ttft: option('ttft', text, 'lognormal:20ms,0.2', {
    group: LATENCY,
    help: 'Time to first token: 20ms, fixed:20ms, lognormal:MEDIAN,SIGMA, gamma:MEAN,SHAPE or trace:FILE (whole service times).',
  }),
  tokenTime: option('token-time', text, '1ms', {
    group: LATENCY,
    help: 'Time per further token, in the same forms but trace.',
  }),
  tokenDraw: option('token-draw', choice(['request', 'token']), 'request', {
    group: LATENCY,
    help: 'Draw the token time once for each request, or for each of its tokens.',
  }),
  maxBatch: option('max-batch', integer(1), 32, {
    group: LATENCY,
    help: 'Requests served at once; the others wait in order.',
  }),
  slowdown: option('slowdown', decimal(0), 0.02, {
    group: LATENCY,
    help: 'Share by which each further request in the batch slows service.',
  }),
  maxQueue: option('max-queue', integer(0), 1000, {
    group: LATENCY,
    help: 'Requests that may wait; one more gets 503.',
  }),
  drift: option('drift', text, 'none', {
    group: LATENCY,
    help: 'Moves the service time: none, sine:PERIOD,AMPLITUDE, step:AT,AMOUNT or square:PERIOD,AMOUNT, such as step:30s,15ms.',
  }),
  answers: optional('answers', path, {
    group: ANSWERS,
    help: 'Dataset file or suite whose rows say in metadata.simulator what the model answers to them, such as output.',
  }),
  reasoning: option('reasoning', integer(0), 0, {
    group: ANSWERS,
    help: 'Tokens of reasoning_content before the answer.',
  }),
  burst: option('burst', integer(1), 1, {
    group: ANSWERS,
    help: 'Tokens that come together in a stream.',
  }),
  burstAs: option('burst-as', choice(['event', 'write']), 'event', {
    group: ANSWERS,
    help: 'A burst is one event, or an event for each token in one write.',
  }),
  stall: option('stall', text, '', {
    group: ANSWERS,
    help: 'Pause in each stream after so many tokens: AT,TIME such as 8,250ms.',
  }),
  faults: option('faults', text, '', {
    group: FAULTS,
    help: 'Shares of requests that fail, such as reset=0.01,429=0.02,no-done=0.1; docs/simulator.md tells the faults.',
  }),
  faultSchedule: option('fault-schedule', text, '', {
    group: FAULTS,
    help: 'Faults by request number or time, such as 429@100-120,reset@5,500@10s-12s.',
  }),
  slowBodyMs: option('slow-body-ms', decimal(0, true), 1000, {
    group: FAULTS,
    help: 'How long a slow body takes, or a stalled stream pauses.',
  }),
}

export const PROXY_OPTIONS = {
  host,
  port: option('port', integer(0, 65_535), 8081, {
    group: LISTEN,
    help: 'Port to listen on; 0 for a free one.',
  }),
  seed,
  stopWithParent,
  upstream: optional('upstream', httpUrl, {
    group: FORWARD,
    help: 'Server to forward to (required), such as http://127.0.0.1:8082.',
  }),
  upstreamTimeoutSeconds: option('upstream-timeout-seconds', decimal(0, true), 300, {
    group: FORWARD,
    help: 'Longest silence of the upstream before 504.',
  }),
  injectDelay: option('inject-delay', text, '0', {
    group: FORWARD,
    help: 'Added delay: 20ms, fixed:20ms, lognormal:MEDIAN,SIGMA or gamma:MEAN,SHAPE.',
  }),
  injectWhere: option('inject-where', choice(['before', 'after']), 'before', {
    group: FORWARD,
    help: 'Delay before forwarding, or after the response began.',
  }),
  injectHow: option('inject-how', choice(['sleep', 'burn']), 'sleep', {
    group: FORWARD,
    help: 'Wait, or burn CPU: the latter takes throughput too.',
  }),
  streamFaults: option('stream-faults', text, '', {
    group: FAULTS,
    help: 'What it does wrong with streams, such as drop-usage,coalesce:50ms; docs/proxy.md tells the faults.',
  }),
  noAnnounce: option('no-announce', flag, false, {
    group: FORWARD,
    help: 'Do not add the injected delay to server-timing.',
  }),
  requestTimeoutSeconds: option('request-timeout-seconds', decimal(0, true), 300, {
    group: FORWARD,
    help: 'Longest that a client may take to send its request; its head has 20 of them.',
  }),
  ...PROXY_POLICY_OPTIONS,
  store: option('store', text, 'memory', {
    group: OBSERVE,
    help: 'Where exchanges are kept: memory (the newest 10,000), none, file:PATH, or postgres://...; its password is safer in the environment.',
    env: 'LLMTRACE_BENCH_STORE_URL',
    hidden: true,
  }),
  retainDays: option('retain-days', decimal(0, true), 30, {
    group: OBSERVE,
    help: 'Exchanges older than this are deleted.',
  }),
  retainBytes: option('retain-bytes', byteSize, 1024 ** 3, {
    group: OBSERVE,
    help: 'The oldest exchanges are deleted when all come to more than this.',
  }),
  apiKey: optional('api-key', secret, {
    group: OBSERVE,
    help: 'Key that /api/v1/ and /metrics then ask for; needed to listen on more than this machine.',
    env: 'LLMTRACE_BENCH_API_KEY',
    hidden: true,
  }),
  otlp: optional('otlp', httpUrl, {
    group: OBSERVE,
    help: 'Send each exchange as a span to this OTLP/HTTP receiver, such as http://127.0.0.1:4318.',
  }),
}

export const CHATBOT_OPTIONS = {
  host,
  port: option('port', integer(0, 65_535), 8080, {
    group: LISTEN,
    help: 'Port to listen on; 0 for a free one.',
  }),
  stopWithParent,
  upstream: optional('upstream', httpUrl, {
    group: FORWARD,
    help: 'The proxy or model to ask (required), such as http://127.0.0.1:8081.',
  }),
  upstreamTimeoutSeconds: option('upstream-timeout-seconds', decimal(0, true), 300, {
    group: FORWARD,
    help: 'Longest silence of the upstream before 502.',
  }),
  system: option('system', text, CHATBOT_SYSTEM, {
    group: APP,
    help: "The app's instructions, put before every conversation; those of its users are dropped.",
  }),
  tools: option('tools', choice(['off', 'auto', 'always']), 'off', {
    group: APP,
    help: 'Offer the model tools; always makes it call one for each question, so that each has two rounds.',
  }),
  maxToolRounds: option('max-tool-rounds', integer(1, 10), 1, {
    group: APP,
    help: 'Rounds of tool calls for one question.',
  }),
  memoryMessages: option('memory-messages', integer(0, 1000), 20, {
    group: APP,
    help: 'Messages that a session (X-Session-ID) remembers.',
  }),
  maxSessions: option('max-sessions', integer(1), 10_000, {
    group: APP,
    help: 'Sessions kept; the one unused for longest is forgotten first.',
  }),
}

export const DEMO_OPTIONS = {
  chain: option('chain', flag, false, {
    group: DEMO,
    help: 'Put an app before the model and the proxy, and tell how much each hop adds.',
  }),
  requests: option('requests', integer(1), 200, {
    group: DEMO,
    help: 'Requests per endpoint and concurrency.',
  }),
  concurrencyList: option('concurrency-list', integerList(1), [1, 2, 5, 10, 20], {
    group: DEMO,
    help: 'Levels to sweep.',
  }),
  injectDelay: option('inject-delay', text, '5ms', {
    group: DEMO,
    help: 'Delay that the proxy adds: what the tables should find.',
  }),
  ttft: option('ttft', text, 'lognormal:15ms,0.15', {
    group: DEMO,
    help: 'Time to first token of the simulated model.',
  }),
  outputDir: option('output-dir', path, 'llmtrace-bench-demo', {
    group: DEMO,
    help: 'Folder for the result files.',
  }),
  noSelfWarmup: option('no-self-warmup', flag, false, {
    group: DEMO,
    help: 'Do not warm up the client itself first.',
  }),
  seed: option('seed', integer(0), 1, { group: DEMO, help: 'Seed of everything random.' }),
}

export type SimulateOptions = OptionsOf<typeof SIMULATE_OPTIONS>
export type ProxyOptions = OptionsOf<typeof PROXY_OPTIONS>
export type DemoOptions = OptionsOf<typeof DEMO_OPTIONS>
export type ChatbotOptions = OptionsOf<typeof CHATBOT_OPTIONS>
