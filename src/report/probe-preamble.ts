import type { RunHead } from '../model/run-record.ts'

/** What is about to be probed, in the specification's words. */
export function probePreamble(head: RunHead, prompts: string | undefined, workers: number): string {
  const { endpoints } = head.plan
  const [first] = endpoints
  const targets =
    endpoints.length === 1
      ? [`Running probe against: ${first?.url}`]
      : ['Running probe against:', ...endpoints.map(({ name, url }) => `  ${name}: ${url}`)]
  const lines = [
    ...targets,
    `Model: ${head.spec.model}`,
    ...(head.agentId === undefined ? [] : [`Agent ID: ${head.agentId}`]),
    `Token present: ${head.hasToken ? 'True' : 'False'}`,
    `Workers: ${workers}`,
    ...(prompts === undefined ? [] : [`Prompts: ${prompts}`]),
  ]
  return `${lines.join('\n')}\n\n`
}
