const REDACTED = '[redacted]'

/** A function that removes these secrets from text, also as JSON, URL and base64 would write them. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ])
  // Longest first: a secret that begins with another must not leave its end.
  const ordered = [...new Set(forms)].toSorted((a, b) => b.length - a.length)
  return (text) => ordered.reduce((cleaned, form) => cleaned.replaceAll(form, REDACTED), text)
}

/** A copy of plain data with every text in it redacted. */
export function redactTexts<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === 'string') return redact(value) as T
  if (Array.isArray(value)) return value.map((one: unknown) => redactTexts(one, redact)) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [key, redactTexts(one, redact)])
  return Object.fromEntries(entries) as T
}

const SECRET_PARAMETER = /key|token|secret|password|signature|^sig$|^auth/i

/** A URL for people and files: without user, password, and values of parameters that look like secrets. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  const secretNames = [...url.searchParams.keys()].filter((name) => SECRET_PARAMETER.test(name))
  if (secretNames.length === 0 && url.username === '' && url.password === '') return text
  url.username = ''
  url.password = ''
  for (const name of secretNames) url.searchParams.set(name, REDACTED)
  return url.href
}
