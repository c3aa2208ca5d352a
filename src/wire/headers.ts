/** Says which case a request belongs to, so that the simulator's log can be joined with what the client saw. */
export const CASE_ID_HEADER = 'X-LLMTrace-Bench-Case'

/** The specification's header for `--agent-id`. */
export const AGENT_ID_HEADER = 'X-LLMTrace-Agent-ID'

/** Ties a user's requests to the chatbot together. */
export const SESSION_HEADER = 'X-Session-ID'

/** Prints a `server-timing` value (W3C Server Timing), durations in ms with 3 decimals. */
export function formatServerTiming(durationsMs: Readonly<Record<string, number>>): string {
  return Object.entries(durationsMs)
    .map(([name, ms]) => `${name};dur=${ms.toFixed(3)}`)
    .join(', ')
}

/** Reads the durations of a `server-timing` value, in ms; entries without a numeric `dur` are left out. */
export function parseServerTiming(value: string): Record<string, number> {
  const durations: Record<string, number> = {}
  for (const entry of value.split(',')) {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim())
    const duration = parameters.find((parameter) => parameter.toLowerCase().startsWith('dur='))
    const ms = Number(duration?.slice(4).replaceAll('"', '') || Number.NaN)
    if (name !== '' && Number.isFinite(ms)) durations[name] = ms
  }
  return durations
}
