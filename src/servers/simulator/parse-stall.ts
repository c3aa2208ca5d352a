import { parseDurationMs } from '../../stats/latency-spec.ts'
import type { StreamShape } from './stream-steps.ts'

/** Reads `8,250ms`: a pause of 250 ms after 8 tokens; nothing for no pause. Throws RangeError naming the value. */
export function parseStall(text: string): StreamShape['stall'] {
  if (text === '') return undefined
  const [at = '', time = '', ...rest] = text.split(',').map((part) => part.trim())
  const ms = parseDurationMs(time)
  if (!/^[1-9]\d*$/.test(at) || ms === undefined || rest.length > 0) {
    throw new RangeError(
      `${JSON.stringify(text)} is not a stall; write TOKENS,TIME such as 8,250ms for a pause after 8 tokens`,
    )
  }
  return { afterTokens: Number(at), ms }
}
