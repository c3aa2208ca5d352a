export interface Preamble {
  readonly endpoints: readonly { readonly name: string; readonly url: string }[]
  readonly model: string
  readonly agentId: string | undefined
  readonly hasToken: boolean
  /** Such as `12 from prompts.json`, or undefined for the one `--prompt`. */
  readonly prompts: string | undefined
  readonly concurrencies: readonly number[]
  readonly requests: number
}

/** What is about to run, before it runs. The token shows only as present or not. */
export function preamble(run: Preamble): string {
  const [first, ...others] = run.endpoints
  const targets =
    others.length === 0
      ? [`Running load against: ${first?.url}`]
      : ['Running load against:', ...run.endpoints.map(({ name, url }) => `  ${name}: ${url}`)]
  const lines = [
    ...targets,
    `Model: ${run.model}`,
    ...(run.agentId === undefined ? [] : [`Agent ID: ${run.agentId}`]),
    `Token present: ${run.hasToken ? 'True' : 'False'}`,
    ...(run.prompts === undefined ? [] : [`Prompts: ${run.prompts}`]),
    `Requests: ${run.requests} per endpoint at concurrency ${run.concurrencies.join(', ')}`,
  ]
  return `${lines.join('\n')}\n\n`
}
