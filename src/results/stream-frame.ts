import type { StreamColumns } from '../model/stream.ts'
import { type ArmIndex, encodeFrame, MAKERS } from './run-file-format.ts'

type ColumnName = Exclude<keyof StreamColumns, 'length' | 'gapsMs'>

/** Columns as they lie in a frame; after them come the gaps of all its rows, as 4-byte floats. */
export const STREAM_COLUMNS: readonly (readonly [ColumnName, 'u8' | 'u32' | 'f64'])[] = [
  ['firstChunkAt', 'f64'],
  ['firstTokenAt', 'f64'],
  ['lastTokenAt', 'f64'],
  ['chunks', 'u32'],
  ['reads', 'u32'],
  ['contentReads', 'u32'],
  ['largestRead', 'u32'],
  ['inputTokens', 'f64'],
  ['outputTokens', 'f64'],
  ['finishReason', 'u8'],
  ['flags', 'u32'],
  ['contentLength', 'u32'],
  ['contentHash', 'u32'],
  ['lettersHash', 'u32'],
]

const HEAD_BYTES = 12

/** Rows `from` to the end of `columns`, with their gaps. */
export function encodeStreams(arm: ArmIndex, columns: StreamColumns, from: number): Buffer {
  const gaps = columns.gapsMs.subarray(gapsBefore(columns, from))
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt16LE(arm.level, 0)
  head.writeUInt16LE(arm.endpoint, 2)
  head.writeUInt32LE(columns.length - from, 4)
  head.writeUInt32LE(gaps.length, 8)
  const parts = STREAM_COLUMNS.map(([name]) => bytesOf(columns[name].subarray(from)))
  return encodeFrame({ type: 'streams', payload: Buffer.concat([head, ...parts, bytesOf(gaps)]) })
}

/** Gaps of the rows before `row`. */
function gapsBefore({ chunks }: StreamColumns, row: number): number {
  let count = 0
  for (let index = 0; index < row; index += 1) count += Math.max(0, (chunks[index] ?? 0) - 1)
  return count
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
}

export interface DecodedStreams {
  readonly arm: ArmIndex
  readonly columns: StreamColumns
}

/** Reads a frame of streams; undefined where its length does not fit its counts. */
export function decodeStreams(payload: Buffer): DecodedStreams | undefined {
  if (payload.length < HEAD_BYTES) return undefined
  const count = payload.readUInt32LE(4)
  const gapsMs = new Float32Array(payload.readUInt32LE(8))
  const columns = STREAM_COLUMNS.map(([name, type]) => [name, MAKERS[type](count)] as const)
  const arrays = [...columns.map(([, column]) => column), gapsMs]
  const bytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, HEAD_BYTES)
  if (bytes !== payload.length) return undefined
  let offset = HEAD_BYTES
  for (const { buffer, byteLength } of arrays) {
    // Copied, because a typed array may not begin at any byte of a file.
    new Uint8Array(buffer).set(payload.subarray(offset, offset + byteLength))
    offset += byteLength
  }
  return {
    arm: { level: payload.readUInt16LE(0), endpoint: payload.readUInt16LE(2) },
    columns: columnsOf(count, columns, gapsMs),
  }
}

/**
 * The pieces as one, with as many rows as there are samples: a file that was cut off between a frame of samples and
 * that of their streams has streams of nothing for the last of them.
 */
export function joinStreams(pieces: readonly StreamColumns[], samples: number): StreamColumns {
  const joined = STREAM_COLUMNS.map(([name, type]) => {
    const column = MAKERS[type](samples)
    if (type === 'f64') column.fill(Number.NaN)
    let offset = 0
    for (const piece of pieces) {
      column.set(piece[name].subarray(0, samples - offset), offset)
      offset += piece.length
    }
    return [name, column] as const
  })
  const gapsMs = new Float32Array(pieces.reduce((sum, piece) => sum + piece.gapsMs.length, 0))
  let offset = 0
  for (const piece of pieces) {
    gapsMs.set(piece.gapsMs, offset)
    offset += piece.gapsMs.length
  }
  return columnsOf(samples, joined, gapsMs)
}

function columnsOf(
  length: number,
  columns: readonly (readonly [
    ColumnName,
    Uint8Array | Uint16Array | Uint32Array | Float64Array,
  ])[],
  gapsMs: Float32Array,
): StreamColumns {
  return { length, ...Object.fromEntries(columns), gapsMs } as unknown as StreamColumns
}
