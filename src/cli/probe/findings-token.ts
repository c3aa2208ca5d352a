import { namedEndpoints } from '../../options/named-endpoints.ts'
import type { RunOptions } from '../../options/run-options.ts'

/**
 * The token for the API: its own, else the one of the endpoint, if both are on one host. A token is no one else's
 * business.
 */
export function findingsToken(options: RunOptions, api: URL, judged: string): string | undefined {
  if (options.findingsToken !== undefined) return options.findingsToken
  const endpoint = namedEndpoints(options).find(({ name }) => name === judged)
  if (endpoint === undefined || new URL(endpoint.url).hostname !== api.hostname) return undefined
  return options.endpointToken.find(({ name }) => name === judged)?.value ?? options.token
}
