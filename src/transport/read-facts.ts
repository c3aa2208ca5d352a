import { createHash } from 'node:crypto'
import type { Exchange } from '../model/exchange.ts'
import type { ResponseFacts } from '../model/response-facts.ts'
import { readCompletionFacts } from '../wire/completion-facts.ts'
import { parseHeaderBlock } from '../wire/header-block.ts'
import { readHopTimings } from '../wire/hop-timing.ts'
import { admittedRetries, readSelfReport, saysCacheHit } from '../wire/self-report.ts'

/** What a captured answer says of itself. Any bytes are taken: what cannot be read is absent. */
export function readResponseFacts(sequence: number, exchange: Exchange): ResponseFacts {
  const headers = parseHeaderBlock(exchange.rawHeaders ?? '')
  const { content, ...facts } = readCompletionFacts(exchange.body ?? '')
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
