import type { Endpoint } from '../model/endpoint.ts'
import type { RunOptions } from './run-options.ts'

export type EndpointOptions = Pick<
  RunOptions,
  'url' | 'directUrl' | 'proxyUrl' | 'endpoint' | 'baseline' | 'chain'
>

interface NamedEndpoint extends Endpoint {
  /** The flag that gave it, for messages. */
  readonly flag: string
}

/** The endpoints that the options name, the baseline first, each with the flag that gave it. */
export function namedEndpoints(options: EndpointOptions): NamedEndpoint[] {
  const { directUrl, proxyUrl } = withChain(options)
  const given = [
    { flag: '--url', name: 'target', url: options.url },
    { flag: '--direct-url', name: 'direct', url: directUrl },
    { flag: '--proxy-url', name: 'proxy', url: proxyUrl },
    ...options.endpoint.map(({ name, value }) => ({
      flag: `--endpoint ${name}`,
      name,
      url: value,
    })),
  ]
  const named = given.flatMap(({ flag, name, url }) =>
    url === undefined ? [] : [{ flag, name, url }],
  )
  const chosen = options.baseline ?? named[0]?.name
  const marked = named.map((one) => ({ ...one, baseline: one.name === chosen }))
  return marked.toSorted((one, other) => Number(other.baseline) - Number(one.baseline))
}

/** The embedded chain's endpoints are known by name before they have a port. */
function withChain({ chain, directUrl, proxyUrl }: EndpointOptions) {
  const unknown = chain ? 'http://127.0.0.1' : undefined
  return { directUrl: directUrl ?? unknown, proxyUrl: proxyUrl ?? unknown }
}

/** The header's endpoint and own name, where it is written `endpoint:Name=value` or `endpoint:Name: value`. */
export function splitEndpointHeader(
  [name, value]: readonly [name: string, value: string],
  endpoints: readonly string[],
): { readonly endpoint: string | undefined; readonly header: readonly [string, string] } {
  const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*[:=]\s*(.*)$/.exec(value)
  const [, own, ownValue] = match ?? []
  if (own === undefined || ownValue === undefined || !endpoints.includes(name)) {
    return { endpoint: undefined, header: [name, value] }
  }
  return { endpoint: name, header: [own, ownValue] }
}
