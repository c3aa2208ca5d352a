import { createHash, randomUUID } from 'node:crypto'
import type { ProbeTurn } from '../../model/probe.ts'
import { caseIdValue } from '../../wire/case-id.ts'

/** Names for the requests of one run, so that what others recorded of them is found again. */
export class ProbeIds {
  readonly run = randomUUID()

  /** The value of the header for case ids. */
  caseHeader(caseId: string, endpoint: string, turn: ProbeTurn): string {
    return caseIdValue({ caseId, run: this.run, endpoint, ...turn })
  }

  /** A UUID of its own for each request, the same whenever it is asked for. */
  traceId(endpoint: string, { caseIndex, repeat, attempt }: ProbeTurn): string {
    const hash = createHash('sha256')
      .update([this.run, endpoint, caseIndex, repeat, attempt].join('/'))
      .digest()
    // Version 8, RFC 9562 5.8: of one's own making.
    hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6)
    hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
    const hex = hash.toString('hex')
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20, 32),
    ].join('-')
  }
}

/** Names an attempt within its run. */
export function attemptKey({
  caseId,
  endpoint,
  repeat,
  attempt,
}: Pick<ProbeTurn, 'repeat' | 'attempt'> & {
  readonly caseId: string
  readonly endpoint: string
}): string {
  return JSON.stringify([caseId, endpoint, repeat, attempt])
}
