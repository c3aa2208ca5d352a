import type { Outcome } from '../model/outcome.ts'
import type { UndecidedReason } from '../model/verdict.ts'
import { evidence } from './evidence.ts'
import type { ReplyView } from './read-reply.ts'
import { type Claim, claimOf, codeOf, typeOf } from './signatures/family.ts'

/** How a request ends without a response that could be judged. */
const ENDINGS: Readonly<Partial<Record<Outcome, UndecidedReason>>> = {
  refused: 'transport',
  reset: 'transport',
  truncated: 'transport',
  'protocol-error': 'transport',
  'timed-out': 'timed-out',
  cancelled: 'cancelled',
}

export function endingFault(outcome: Outcome | undefined): Claim | undefined {
  const reason = outcome && ENDINGS[outcome]
  return (
    reason && claimOf({ kind: 'undecided', reason }, [evidence('transport', 'outcome', outcome)])
  )
}

/** Types and codes of errors that are no blocks, of LLMTrace first, then of OpenAI and those who follow it. */
const NAMES: readonly (readonly [UndecidedReason, string])[] = [
  [
    'throttled',
    `rate_limit_exceeded cost_cap_exceeded ml_pipeline_saturated rate_limit_error rate_limited requests tokens
    insufficient_quota budget_exceeded overloaded_error throttling_error RESOURCE_EXHAUSTED`,
  ],
  [
    'unauthorised',
    `auth_error authentication_error permission_error invalid_api_key insufficient_permissions token_expired
    UNAUTHENTICATED PERMISSION_DENIED`,
  ],
  [
    'bad-request',
    `context_length_exceeded model_not_found not_found_error unsupported_parameter string_above_max_length
    request_too_large`,
  ],
  [
    'server-error',
    `proxy_error api_error server_error internal_error internal_server_error downstream_error generation_error
    upstream_error timeout_error bad_gateway service_unavailable UNAVAILABLE`,
  ],
]

/** A fault that says by type or code what it is. */
export function namedFault({ errors }: ReplyView): Claim | undefined {
  for (const [reason, list] of NAMES) {
    const names = list.split(/\s+/)
    const seen = errors.map((error) => typeOf(error, ...names) ?? codeOf(error, ...names))
    const claim = claimOf({ kind: 'undecided', reason }, seen)
    if (claim !== undefined) return claim
  }
  return undefined
}

/** Statuses by which nobody blocks a prompt. 400, 403, 409, 422, 424, 446 and 451 may be either. */
const STATUSES: Readonly<Record<number, UndecidedReason>> = {
  401: 'unauthorised',
  402: 'unauthorised',
  404: 'bad-request',
  405: 'bad-request',
  407: 'unauthorised',
  408: 'timed-out',
  411: 'bad-request',
  413: 'bad-request',
  414: 'bad-request',
  415: 'bad-request',
  429: 'throttled',
  431: 'bad-request',
  503: 'throttled',
  504: 'timed-out',
}

function reasonOf(status: number): UndecidedReason | undefined {
  return STATUSES[status] ?? (status >= 500 ? 'server-error' : undefined)
}

export function statusFault({ status }: ReplyView): Claim | undefined {
  const reason = reasonOf(status)
  return reason && claimOf({ kind: 'undecided', reason }, [evidence('status', 'status', status)])
}

/** Statuses that mean an overload wherever they come from. */
export function isOverload(status: number): boolean {
  return status === 429 || status === 503
}

/** An error inside of an answer that began, or was announced, as a success. Its code is often the status it would be. */
export function errorInAnswer({ status, errors }: ReplyView): Claim | undefined {
  const error = errors.find(({ at }) => at !== 'body')
  if (status >= 400 || error === undefined) return undefined
  return claimOf({ kind: 'undecided', reason: reasonOf(Number(error.code)) ?? 'server-error' }, [
    evidence('field', error.at, error.message || error.fields),
  ])
}
