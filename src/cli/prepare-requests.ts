import type { Endpoint } from '../model/endpoint.ts'
import type { RequestSpec } from '../model/plan.ts'
import type { Prompt } from '../model/prompt.ts'
import { namedEndpoints, splitEndpointHeader } from '../options/named-endpoints.ts'
import type { RunOptions } from '../options/run-options.ts'
import { prepareChatRequests } from '../transport/chat-requests.ts'
import type { PreparedRequest } from '../transport/transport.ts'

/** The prompts' requests for each endpoint: they differ in headers and token, never in the body. */
export function prepareRequests(
  options: RunOptions,
  prompts: readonly Prompt[],
  spec: RequestSpec,
): (endpoint: Endpoint) => readonly PreparedRequest[] {
  const named = namedEndpoints(options)
  const names = named.map(({ name }) => name)
  const prepared = new Map(
    named.map(({ name, url }) => {
      const headers = options.header
        .map((header) => splitEndpointHeader(header, names))
        .filter(({ endpoint }) => endpoint === undefined || endpoint === name)
        .map(({ header }) => header)
      const own = options.endpointToken.find((one) => one.name === name)?.value
      const extras = { ...options, token: own ?? options.token, headers }
      return [url + name, prepareChatRequests(prompts, spec, extras)]
    }),
  )
  return (endpoint) => {
    // The A/A arm is the baseline by another name.
    const name = endpoint.control ? named.find(({ baseline }) => baseline)?.name : endpoint.name
    const requests = prepared.get(endpoint.url + (name ?? ''))
    if (requests === undefined) throw new Error(`no requests for ${endpoint.name}`)
    return requests
  }
}

/** What may not appear in any output: tokens, and header values long enough to be secrets. */
export function secretsOf({ token, findingsToken, endpointToken, header }: RunOptions): string[] {
  const tokens = [token ?? '', findingsToken ?? '', ...endpointToken.map(({ value }) => value)]
  // A header for one endpoint holds its value behind its own name.
  const values = header.flatMap(([, value]) => [value, value.replace(/^[^:=]*[:=]\s*/, '')])
  return [...tokens, ...values.filter((value) => value.length >= 8)].filter((one) => one !== '')
}
