import type { Forecast } from '../model/forecast.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = ['level', 'rounds', 'requests', 'warm-up', 'endpoints', 'in all']

/** What a run would send. Ends in a line break. */
export function forecastReport(forecast: Forecast): string {
  const { endpoints, levels, perEndpoint, requests, caveat, durationMs } = forecast
  const rows = levels.map(({ level, rounds, requests: counted, warmup }) => [
    levelCell(level),
    ...[rounds, counted, warmup, endpoints.length, (counted + warmup) * endpoints.length].map(
      String,
    ),
  ])
  const time =
    durationMs.value === undefined
      ? `not known: ${durationMs.reason}; --assume-latency 500ms tells it for such answers`
      : `about ${readableTime(durationMs.value)}`
  return [
    'Dry run: nothing is sent.',
    '',
    '## Plan (requests per endpoint and level)',
    markdownTable(HEADER, rows),
    '',
    `Requests: ${requests} in all, ${perEndpoint} to each of ${endpoints.join(', ')}${caveat === undefined ? '' : `; ${caveat}`}`,
    `Tokens: about ${forecast.promptTokens} of prompts (four characters each), at most ${forecast.mostAnswerTokens} of answers`,
    `Time: ${time}`,
    '',
  ].join('\n')
}

/** `12.5 s`, `3 min 20 s` or `2 h 5 min`. */
export function readableTime(ms: number): string {
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
