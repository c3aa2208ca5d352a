/** Where records go, as `--store` says it. */
export type StoreSpec =
  | { readonly kind: 'none' }
  | { readonly kind: 'memory' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** Reads `none`, `memory`, `file:PATH` or `postgres://...`. Throws RangeError, which never repeats the text: it may hold a password. */
export function parseStoreSpec(text: string): StoreSpec {
  if (text === 'none' || text === 'memory') return { kind: text }
  const [, path] = /^file:(.+)$/s.exec(text) ?? []
  if (path !== undefined) return { kind: 'file', path }
  if (/^postgres(?:ql)?:\/\//.test(text)) {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url !== undefined && url.pathname.length > 1) return { kind: 'postgres', url: text }
    throw new RangeError(
      'the value (not shown) is not the URL of a PostgreSQL database; write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE',
    )
  }
  throw new RangeError(
    'the value (not shown) is no store; write it as memory, none, file:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE',
  )
}

/** A message without the URL of the database, and without the password that is in it. */
export function withoutSecrets(message: string, spec: StoreSpec): string {
  if (spec.kind !== 'postgres') return message
  const password = URL.canParse(spec.url) ? new URL(spec.url).password : ''
  return [spec.url, password, decodeOrKeep(password)]
    .filter((secret) => secret !== '')
    .reduce((text, secret) => text.replaceAll(secret, '(not shown)'), message)
}

function decodeOrKeep(password: string): string {
  try {
    return decodeURIComponent(password)
  } catch {
    return password
  }
}
