import type { Page, PageHead } from '../../../model/page.ts'
import { roundsText } from '../../rounds-text.ts'
import { html, type Printable } from '../markup.ts'
import { percentWords, sloWords } from '../words.ts'
import type { Section } from './section.ts'

type Fact = readonly [name: string, value: Printable]

export const methodSection: Section = {
  id: 'method',
  title: 'How it was measured',
  render(page) {
    const facts = factsOf(page).filter(([, value]) => value !== undefined)
    const list = facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div> `,
    )
    const paragraphs = methodOf(page).map((text) => html`<p>${text}</p> `)
    return html`<dl class="facts">${list}</dl>
      ${paragraphs}`
  },
}

function factsOf({ head, run, capacity }: Page): Fact[] {
  const { plan, spec } = head
  const levels = run?.result.summaries.map(({ level }) => level) ?? []
  const open = levels.some(({ rate }) => rate !== undefined) || capacity !== undefined
  return [
    ...head.endpoints.map(({ name, url, baseline, control }): Fact => [
      `${name}${control === true ? ' (A/A)' : baseline && head.endpoints.length > 1 ? ' (baseline)' : ''}`,
      html`<code>${url}</code>`,
    ]),
    ['model', spec.model],
    ['started', html`<time datetime="${head.startedAt}">${head.startedAt}</time>`],
    ['requests', run && plan.requests && `${plan.requests} per endpoint and level`],
    [
      'load',
      open ? openWords(plan.arrival) : run && 'closed loop: a request ends, the next is sent',
    ],
    [
      'order',
      run && plan.order && plan.seed !== undefined
        ? roundsText({ order: plan.order, seed: plan.seed }).slice(7)
        : undefined,
    ],
    ['seed', run === undefined || plan.order === undefined ? plan.seed : undefined],
    ['warm-up', warmUpWords(head)],
    ['prompts', promptWords(head)],
    ['temperature', spec.temperature],
    ['max tokens', spec.maxTokens],
    ['token', tokenWords(head)],
    ['agent', head.agentId],
    ['client', clientWords(head)],
    ['machine', machineWords(head)],
    ['tool', `${head.tool.name} ${head.tool.version}`],
  ]
}

function openWords(arrival: string | undefined): string {
  return `open loop${arrival === undefined ? '' : `, ${arrival} arrivals`}: requests are sent when due, whatever the answers do`
}

function warmUpWords({ plan, selfWarmup }: PageHead): string | undefined {
  if (selfWarmup === undefined) return undefined
  const own = selfWarmup ? 'the client on a server of its own first' : 'the client not warmed up'
  const count =
    plan.warmupRequests === undefined ? 'one per request in flight' : plan.warmupRequests
  return `${own}; then ${count} to each endpoint and level, not counted`
}

function promptWords({ dataset, spec, plan }: PageHead): Printable {
  if (dataset === undefined) {
    return spec.prompt === undefined || (plan.promptCount ?? 1) > 1
      ? undefined
      : html`<q>${spec.prompt}</q>`
  }
  const from = dataset.file ?? (dataset.suite === null ? 'a dataset' : `suite ${dataset.suite}`)
  return `${dataset.selected} from ${from}, label ${dataset.label}`
}

function clientWords({ machine, keepAlive }: PageHead): string | undefined {
  if (machine.client === undefined) return undefined
  const threads =
    machine.clientWorkers === undefined || machine.clientWorkers === 1
      ? ''
      : ` in ${machine.clientWorkers} threads`
  const connections =
    keepAlive === undefined
      ? ''
      : keepAlive
        ? ', connections kept'
        : ', a connection for every request'
  return `${machine.client}${threads}${connections}`
}

function tokenWords({ hasToken }: PageHead): string | undefined {
  if (hasToken === undefined) return undefined
  return hasToken ? 'present, and in no file' : 'none'
}

function machineWords({ machine: { node, platform } }: PageHead): string | undefined {
  const words = [node === undefined ? undefined : `Node ${node}`, platform].filter(Boolean)
  return words.length === 0 ? undefined : words.join(', ')
}

function methodOf({ run, capacity, probe }: Page): string[] {
  return [
    ...(run === undefined ? [] : RUN_METHOD),
    ...(run?.result.summaries.some(({ openLoop }) => openLoop !== undefined) ? [OPEN_METHOD] : []),
    ...(capacity === undefined
      ? []
      : [
          `Each rate was tried with a stream of arrivals of its own. A rate counts as kept when ${percentWords(capacity.share)} of its requests were ok and kept ${sloWords(capacity.slo)}, and the highest one is tried twice.`,
        ]),
    ...(probe === undefined ? [] : [PROBE_METHOD]),
  ]
}

const RUN_METHOD = [
  'Latency is from the request’s bytes handed to the socket to the body fully read, stamped in the socket’s own callback, over ok requests only. Connecting is not in it. Percentiles are of raw values, by linear interpolation between closest ranks (type 7).',
  'The overhead of a percentile is the difference of two percentiles, not a percentile of differences; those stand among the paired differences below. Its interval is a jackknife over rounds: each round is left out in turn, and t with one degree of freedom less than there are rounds gives 95 %. Throughput has a t interval on the logarithm of each round’s ratio, errors a jackknife or, where there were none, the rule of three.',
  'A percentile is compared only with ten requests beyond it on both sides. “Detectable” is the smallest true difference that as many rounds would tell from none in 80 of 100 runs: a smaller one may be there and go unseen.',
]

const OPEN_METHOD =
  'In an open loop latency begins at the instant that the schedule meant to send, so that waiting behind a slow answer counts. The time from the sending stands beside it as service time.'

const PROBE_METHOD =
  'A block is told from evidence: status, types, codes and headers that a product is known to send, or a rule of yours. The words of a model prove nothing. What is throttled, cut off or unanswered is undecided, and counts as neither. Rates have Wilson intervals of 95 %.'
