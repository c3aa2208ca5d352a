import type { Ground } from '../model/ground.ts'
import type { SampleColumns } from '../model/measurement.ts'
import { type ArmIndex, encodeFrame } from './run-file-format.ts'

/** Level, endpoint, first row, count. */
const HEAD = 12

/** Verdicts of consecutive rows of an arm: they come later than the rows, when a block was judged. */
export interface DecodedVerdicts {
  readonly arm: ArmIndex
  readonly firstRow: number
  readonly verdicts: Uint16Array
  /** All of the arm so far. */
  readonly grounds: readonly Ground[]
}

/** Rows from `from` on that have been judged, without a gap. */
export function countJudged({ verdict, length }: SampleColumns, from: number): number {
  let row = from
  while (row < length && (verdict?.[row] ?? 0) > 0) row += 1
  return row - from
}

export function encodeVerdicts(
  arm: ArmIndex,
  verdicts: Uint16Array,
  firstRow: number,
  grounds: readonly Ground[],
): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeUInt16LE(arm.level, 0)
  head.writeUInt16LE(arm.endpoint, 2)
  head.writeUInt32LE(firstRow, 4)
  head.writeUInt32LE(verdicts.length, 8)
  const rows = Buffer.from(verdicts.buffer, verdicts.byteOffset, verdicts.byteLength)
  const payload = Buffer.concat([head, rows, Buffer.from(JSON.stringify(grounds))])
  return encodeFrame({ type: 'verdicts', payload })
}

/** Reads a frame of verdicts; undefined where its length does not fit its count. */
export function decodeVerdicts(payload: Buffer): DecodedVerdicts | undefined {
  if (payload.length < HEAD) return undefined
  const end = HEAD + 2 * payload.readUInt32LE(8)
  if (payload.length < end) return undefined
  const verdicts = new Uint16Array((end - HEAD) / 2)
  new Uint8Array(verdicts.buffer).set(payload.subarray(HEAD, end))
  return {
    arm: { level: payload.readUInt16LE(0), endpoint: payload.readUInt16LE(2) },
    firstRow: payload.readUInt32LE(4),
    verdicts,
    grounds: JSON.parse(payload.subarray(end).toString('utf8')) as Ground[],
  }
}

/** What the frames of an arm say of its rows; grounds are absent where there is none. */
export function joinVerdicts(
  pieces: readonly DecodedVerdicts[],
  length: number,
): { readonly verdict: Uint16Array; readonly grounds?: readonly Ground[] } {
  const verdict = new Uint16Array(length)
  for (const { firstRow, verdicts } of pieces) {
    const room = Math.max(0, length - firstRow)
    verdict.set(verdicts.subarray(0, room), Math.min(firstRow, length))
  }
  const last = pieces.at(-1)
  return last === undefined ? { verdict } : { verdict, grounds: last.grounds }
}
