import { createHash } from 'node:crypto'
import type { Exchange } from '../model/exchange.ts'
import type { ResponseFacts } from '../model/response-facts.ts'
import { hasFlag } from '../model/stream.ts'
import { type CompletionFacts, readCompletionFacts } from '../wire/completion-facts.ts'
import { parseHeaderBlock } from '../wire/header-block.ts'
import { readHopTimings } from '../wire/hop-timing.ts'
import { admittedRetries, readSelfReport, saysCacheHit } from '../wire/self-report.ts'

/** What a captured answer says of itself. Any bytes are taken: what cannot be read is absent. */
export function readResponseFacts(sequence: number, exchange: Exchange): ResponseFacts {
  const headers = parseHeaderBlock(exchange.rawHeaders ?? '')
  const { content, ...facts } = completionFactsOf(exchange)
  return {
    sequence,
    cacheHit: saysCacheHit(headers),
    retries: admittedRetries(headers),
    selfReport: readSelfReport(headers),
    hops: readHopTimings(headers.get('server-timing') ?? ''),
    contentHash:
      content === undefined
        ? undefined
        : createHash('sha256').update(content).digest('hex').slice(0, 16),
    ...facts,
  }
}

/** Of a stream what was read while it came; its content is compared elsewhere, of all answers and not of some. */
function completionFactsOf({ stream, body }: Exchange): CompletionFacts {
  if (stream === undefined || !hasFlag(stream.flags, 'events'))
    return readCompletionFacts(body ?? '')
  const { cachedTokens, contentLength, reasoningLength, finishReason } = stream
  return {
    content: undefined,
    completionTokens: stream.outputTokens,
    cachedTokens,
    truncatedReasoning: finishReason === 'length' && contentLength === 0 && reasoningLength > 0,
  }
}
