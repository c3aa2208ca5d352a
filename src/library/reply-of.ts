import type { KeptReply } from '../engine/judging.ts'
import type { Reply } from '../verdict/reply.ts'
import { parseHeaderBlock } from '../wire/header-block.ts'

/** Outcomes of a response that was read whole, whatever its status. */
const WHOLE = new Set(['ok', 'throttled', 'http-error'])

/** What the classifier looks at. */
export function replyOf(exchange: KeptReply): Reply {
  return {
    outcome: WHOLE.has(exchange.outcome) ? undefined : exchange.outcome,
    status: exchange.status,
    headers: parseHeaderBlock(exchange.rawHeaders ?? ''),
    body: exchange.body ?? exchange.errorBody ?? '',
  }
}
