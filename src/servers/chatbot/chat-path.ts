const RESOURCE = '/v1/chat/completions'

/** The path to ask at: that of the URL when it names the resource already, else the resource behind it. */
export function chatPath({ pathname }: URL): string {
  const base = pathname.replace(/\/+$/, '')
  if (base.endsWith('/chat/completions')) return base
  return `${base.replace(/\/v1$/, '')}${RESOURCE}`
}
