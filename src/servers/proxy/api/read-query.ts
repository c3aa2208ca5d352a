import { type Action, SEVERITIES } from '../exchange-record.ts'
import type { ExchangeFilter, PageBounds } from '../store/trace-store.ts'
import { ApiError } from './api-error.ts'
import { PROVIDER } from './span-json.ts'

const DEFAULT_LIMIT = 50
const MOST_LIMIT = 1000

export interface ApiQuery {
  readonly filter: ExchangeFilter
  readonly bounds: PageBounds
}

type Draft = { -readonly [K in keyof ExchangeFilter]: ExchangeFilter[K] } & {
  limit?: number
  offset?: number
}

/** What each parameter puts into the query. Each throws ApiError naming itself. */
const PARAMETERS: Readonly<Record<string, (draft: Draft, text: string, name: string) => void>> = {
  limit: (draft, text, name) => {
    draft.limit = wholeNumber(text, name, [1, MOST_LIMIT])
  },
  offset: (draft, text, name) => {
    draft.offset = wholeNumber(text, name, [0, Number.MAX_SAFE_INTEGER])
  },
  trace_id: (draft, text, name) => {
    draft.traceId = readTraceId(text, name)
  },
  tenant_id: (draft, text) => {
    draft.tenantId = text
  },
  model: (draft, text) => {
    draft.model = text
  },
  provider: (_, text, name) => {
    if (text.toLowerCase() !== PROVIDER.toLowerCase()) {
      throw bad(name, `is not ${PROVIDER}, which is all that this proxy records`)
    }
  },
  since: (draft, text, name) => {
    draft.since = Math.max(draft.since ?? -Infinity, readInstant(text, name))
  },
  start_time: (draft, text, name) => {
    draft.since = Math.max(draft.since ?? -Infinity, readInstant(text, name))
  },
  end_time: (draft, text, name) => {
    draft.until = readInstant(text, name)
  },
  operation_name: (draft, text, name) => {
    draft.stream =
      oneOf(['chat_completion', 'chat_completion_stream'], text, name) !== 'chat_completion'
  },
  action: (draft, text, name) => {
    draft.action = oneOf<Action>(['allow', 'flag', 'block'], text, name)
  },
  security_score_min: (draft, text, name) => {
    draft.minScore = wholeNumber(text, name, [0, 100])
  },
  security_score_max: (draft, text, name) => {
    draft.maxScore = wholeNumber(text, name, [0, 100])
  },
  finding_type: (draft, text) => {
    draft.findingType = text
  },
  severity: (draft, text, name) => {
    draft.minSeverity = SEVERITIES.indexOf(oneOf(SEVERITIES, text, name))
  },
}

/** Reads the parameters of a list. Throws ApiError for one that is unknown, given twice, or wrong. */
export function readQuery(query: URLSearchParams): ApiQuery {
  const draft: Draft = {}
  const seen = new Set<string>()
  for (const [name, text] of query) {
    const read = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined
    if (read === undefined) {
      throw bad(name, `is unknown here; there are ${Object.keys(PARAMETERS).join(', ')}`)
    }
    if (seen.has(name)) throw bad(name, 'is given twice')
    seen.add(name)
    if (text.includes('\0')) throw bad(name, 'holds U+0000')
    read(draft, text, name)
  }
  const { limit = DEFAULT_LIMIT, offset = 0, ...filter } = draft
  return { filter, bounds: { limit, offset } }
}

/** 32 hexadecimal digits, as a UUID too, as it is stored. */
export function readTraceId(text: string, name: string): string {
  const digits = text.replaceAll('-', '').toLowerCase()
  if (/^[\da-f]{32}$/.test(digits)) return digits
  throw bad(name, 'is not 32 hexadecimal digits or a UUID')
}

/** RFC 3339, or ms since the epoch. */
function readInstant(text: string, name: string): number {
  const ms = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(rfc3339(text) ?? 'none')
  if (Number.isNaN(ms)) {
    throw bad(name, 'is not a time; write it as 2026-01-31T12:00:00Z, or as ms since the epoch')
  }
  return ms
}

function rfc3339(text: string): string | undefined {
  // In a query a plus sign that nobody encoded arrives as a space.
  const plus = text.replace(/ (\d\d:\d\d)$/, '+$1')
  const shape = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/
  return shape.test(plus) ? plus : undefined
}

function wholeNumber(text: string, name: string, [least, most]: readonly [number, number]): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw bad(
    name,
    most === Number.MAX_SAFE_INTEGER
      ? `is not a whole number of at least ${least}`
      : `is not a whole number from ${least} to ${most}`,
  )
}

function oneOf<const T extends string>(choices: readonly T[], text: string, name: string): T {
  const found = choices.find((choice) => choice === text)
  if (found === undefined) throw bad(name, `is none of ${choices.join(', ')}`)
  return found
}

function bad(name: string, problem: string): ApiError {
  return new ApiError(400, `${name} ${problem}`)
}
