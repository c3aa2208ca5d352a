import { BUDGET_METRICS } from '../model/budget.ts'
import { ARRIVALS, ORDERS } from '../model/plan.ts'
import {
  choice,
  decimal,
  decimalList,
  duration,
  flag,
  integer,
  path,
  share,
  text,
} from './kinds.ts'
import { endpointSecret, endpointUrl, overheadBudgets, slo } from './measurement-kinds.ts'
import { option, optional, repeated } from './option-row.ts'

const TARGET = 'Target selection'
const COMPARE = 'Comparison'
const OPEN = 'Open loop'
const GATES = 'Budgets'

/** What goes beyond the specification's script: how endpoints take turns, open loops, budgets. */
export const MEASUREMENT_OPTIONS = {
  endpoint: repeated('endpoint', endpointUrl, {
    group: TARGET,
    help: 'A named endpoint, name=url; may be repeated, beside or instead of the URLs above.',
  }),
  endpointToken: repeated('endpoint-token', endpointSecret, {
    group: TARGET,
    hidden: true,
    help: 'Token of one endpoint, name=token, instead of --token.',
  }),
  baseline: optional('baseline', text, {
    group: TARGET,
    help: 'Endpoint that the others are compared with; by default direct, or the first.',
  }),

  order: option('order', choice(ORDERS), 'rounds', {
    group: COMPARE,
    help: 'How endpoints take turns: rounds (short blocks, ABBA), paired (same prompt back to back), concurrent (at once, concurrency shared), sequential (one after the other, no intervals).',
  }),
  rounds: optional('rounds', integer(1, 10_000), {
    group: COMPARE,
    help: 'Rounds per level; by default up to 10, as many as the requests allow.',
  }),
  noiseFloor: option('noise-floor', flag, false, {
    group: COMPARE,
    help: 'Measure the baseline against itself too: the smallest overhead that can be seen.',
  }),
  primaryMetric: option('primary-metric', choice(BUDGET_METRICS), 'p95', {
    group: COMPARE,
    help: 'The metric that significance and --until-half-width are about.',
  }),
  pValues: option('p-values', flag, false, {
    group: COMPARE,
    help: 'Print the exact sign-flip p of the primary metric at each level, adjusted by Holm.',
  }),
  untilHalfWidth: optional('until-half-width', duration, {
    group: COMPARE,
    help: 'End a level once the interval of the primary metric is this narrow, after at least 8 rounds and at most the requests asked for.',
  }),

  rate: optional('rate', decimal(0, true), {
    group: OPEN,
    help: 'Arrivals per second, whatever the answers do, instead of a concurrency.',
  }),
  rateList: optional('rate-list', decimalList, {
    group: OPEN,
    help: 'Sweep these rates, such as 10,20,50.',
  }),
  arrival: option('arrival', choice(ARRIVALS), 'poisson', {
    group: OPEN,
    help: 'Spacing of arrivals: poisson (random, as independent users) or constant.',
  }),
  maxInFlight: option('max-in-flight', integer(1, 10_000), 128, {
    group: OPEN,
    help: 'Most requests in flight of an open loop; arrivals beyond it wait and are counted.',
  }),
  slo: optional('slo', slo, {
    group: OPEN,
    help: 'Count requests within these limits as goodput, such as e2e=2s, or with --stream ttft=500ms,tpot=50ms,e2e=2s.',
  }),

  sloShare: option('slo-share', share, 0.99, {
    group: OPEN,
    help: 'Share of requests that must keep the SLO for a rate to count as kept by --find-capacity.',
  }),
  findCapacity: option('find-capacity', flag, false, {
    group: OPEN,
    help: 'Search the highest rate that keeps the SLO on each endpoint, from --rate (or 10) on.',
  }),

  maxOverhead: option('max-overhead', overheadBudgets, [], {
    group: GATES,
    help: 'Most that the proxy may add, such as p95=5ms,mean=2%.',
  }),
  maxErrorRate: optional('max-error-rate', share, {
    group: GATES,
    help: 'Most requests that may fail, such as 1%.',
  }),
  minOkRps: optional('min-ok-rps', decimal(0, true), {
    group: GATES,
    help: 'Least successful requests per second.',
  }),

  runFile: optional('run-file', path, {
    group: 'Outputs',
    help: 'Append every sample to this file while the run lasts; llmtrace-bench report reads it.',
  }),
}
