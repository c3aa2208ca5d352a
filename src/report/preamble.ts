import { printable } from './printable.ts'
import { roundsText } from './rounds-text.ts'
import { levelCell } from './load-tables.ts'
import type { RunHead } from '../model/run-record.ts'

/**
 * What is about to run, before it runs. The token shows only as present or not. `prompts` is such as
 * `12 from prompts.json`, or undefined for the one `--prompt`.
 */
export function preamble(head: RunHead, prompts: string | undefined): string {
  const { plan } = head
  const [first, ...others] = plan.endpoints
  const targets =
    others.length === 0
      ? [`Running load against: ${first?.url}`]
      : ['Running load against:', ...plan.endpoints.map(({ name, url }) => `  ${name}: ${url}`)]
  const open = plan.levels.some(({ rate }) => rate !== undefined)
  const load = open ? `rate (${plan.arrival} arrivals)` : 'concurrency'
  const lines = [
    ...targets,
    `Model: ${printable(head.spec.model)}`,
    ...(head.agentId === undefined ? [] : [`Agent ID: ${printable(head.agentId)}`]),
    `Token present: ${head.hasToken ? 'True' : 'False'}`,
    ...(prompts === undefined ? [] : [`Prompts: ${prompts}`]),
    `Requests: ${plan.requests} per endpoint at ${load} ${plan.levels.map((level) => levelCell(level)).join(', ')}`,
    ...(others.length === 0 ? [] : [roundsText(plan)]),
    ...(head.clientWorkers === undefined ? [] : [`Client workers: ${head.clientWorkers}`]),
  ]
  return `${lines.join('\n')}\n\n`
}
