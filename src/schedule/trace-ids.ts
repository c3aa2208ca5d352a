import { hashText } from '../stats/random.ts'

/** Odd, so that each sequence of a scope has ids of its own: multiplying by it loses nothing in 32 bits. */
const STEPS = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1, 0xd3a2646d]

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The ids of a request's span as W3C Trace Context has them: 32 and 16 hex digits. */
export interface TraceIds {
  readonly traceId: string
  readonly spanId: string
}

/** Requests whose sequences count by themselves. */
export interface TraceScope {
  /** Of the run; two runs may have the same seed and must not share traces. */
  readonly traceKey: string
  readonly endpoint: string
  readonly levelIndex: number
  readonly warmUp?: boolean
}

/**
 * The ids of a scope's requests, from their sequences alone: what was sent can be told again from a saved run, without a
 * column that holds it.
 */
export function createTraceIds(scope: TraceScope): (sequence: number) => TraceIds {
  const words = wordsOf(scope)
  return (sequence) => {
    const text = words(sequence)
    return { traceId: text.slice(0, 32), spanId: text.slice(32) }
  }
}

/** The value of a `traceparent` header for each sequence, always 55 characters: version 00, sampled. */
export function createTraceparents(scope: TraceScope): (sequence: number) => string {
  const words = wordsOf(scope)
  return (sequence) => {
    const text = words(sequence)
    return `00-${text.slice(0, 32)}-${text.slice(32)}-01`
  }
}

/** 192 bits as 48 hex digits: six words of a hash of the scope, each mixed with the sequence. */
function wordsOf({ traceKey, endpoint, levelIndex, warmUp = false }: TraceScope) {
  const key = JSON.stringify([traceKey, endpoint, levelIndex, warmUp])
  // The number in front: behind the key, two keys that hash alike would do so in all six.
  const bases = STEPS.map((_, index) => hashText(`${index}/${key}`))
  return (sequence: number): string => {
    let text = ''
    for (let index = 0; index < STEPS.length; index += 1) {
      text += hexOf(mix((bases[index] ?? 0) + Math.imul(sequence, STEPS[index] ?? 1)))
    }
    return text
  }
}

/** The finalizer of MurmurHash3: every bit of the input reaches every bit of the output, and no two inputs meet. */
function mix(word: number): number {
  let hash = word | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function hexOf(word: number): string {
  return `${HEX[word >>> 24]}${HEX[(word >>> 16) & 255]}${HEX[(word >>> 8) & 255]}${HEX[word & 255]}`
}
