import { crc32 } from 'node:zlib'
import type { SampleColumns } from '../model/measurement.ts'

/** First bytes of a run file. */
export const MAGIC = Buffer.from('LTBRUN\r\n')

/** Raised when an older reader would misread a file; readers know all versions up to theirs. */
export const RUN_FILE_VERSION = 2

/** What a frame holds. `samples`, `streams` and `verdicts` are binary, the others are JSON. */
export const FRAME_TYPES = {
  head: 1,
  samples: 2,
  level: 3,
  end: 4,
  streams: 5,
  processes: 6,
  verdicts: 7,
  upstream: 8,
} as const

export type FrameType = keyof typeof FRAME_TYPES

/** Length of the payload and CRC-32 of type and payload, 4 bytes each, then the type. All numbers little-endian. */
const FRAME_HEAD = 9

/** No frame is longer: a length beyond it is damage, not data. */
const LONGEST_FRAME = 1 << 30

/** Verdicts have frames of their own: they are known later. */
type ColumnName = Exclude<keyof SampleColumns, 'length' | 'verdict'>

type ColumnType = 'u8' | 'u16' | 'u32' | 'f64'

/** Columns as they lie in a frame. The head repeats this table, so that a file explains itself. */
export const COLUMNS: readonly (readonly [ColumnName, ColumnType])[] = [
  ['sequence', 'u32'],
  ['promptIndex', 'u32'],
  ['round', 'u16'],
  ['outcome', 'u8'],
  ['status', 'u16'],
  ['intendedAt', 'f64'],
  ['sentAt', 'f64'],
  ['firstByteAt', 'f64'],
  ['endedAt', 'f64'],
  ['reused', 'u8'],
  ['connectMs', 'f64'],
  ['bodyBytes', 'f64'],
]

const BYTES: Readonly<Record<ColumnType, number>> = { u8: 1, u16: 2, u32: 4, f64: 8 }

export const MAKERS = {
  u8: (length: number) => new Uint8Array(length),
  u16: (length: number) => new Uint16Array(length),
  u32: (length: number) => new Uint32Array(length),
  f64: (length: number) => new Float64Array(length),
} as const

export interface Frame {
  readonly type: FrameType
  readonly payload: Buffer
}

export function encodeFrame({ type, payload }: Frame): Buffer {
  const head = Buffer.alloc(FRAME_HEAD)
  head.writeUInt32LE(payload.length, 0)
  head.writeUInt32LE(checksum(FRAME_TYPES[type], payload), 4)
  head.writeUInt8(FRAME_TYPES[type], 8)
  return Buffer.concat([head, payload])
}

function checksum(code: number, payload: Buffer): number {
  return crc32(payload, crc32(Buffer.of(code)))
}

export function jsonFrame(type: FrameType, value: unknown): Buffer {
  return encodeFrame({ type, payload: Buffer.from(JSON.stringify(value)) })
}

/** The frame at `offset`, and where the next begins; undefined where the bytes are cut off or damaged. */
export function decodeFrame(
  bytes: Buffer,
  offset: number,
): { readonly frame: Frame; readonly next: number } | undefined {
  if (bytes.length - offset < FRAME_HEAD) return undefined
  const length = bytes.readUInt32LE(offset)
  const start = offset + FRAME_HEAD
  if (length > LONGEST_FRAME || bytes.length - start < length) return undefined
  const payload = bytes.subarray(start, start + length)
  const code = bytes.readUInt8(offset + 8)
  const type = (Object.keys(FRAME_TYPES) as FrameType[]).find((one) => FRAME_TYPES[one] === code)
  if (type === undefined || checksum(code, payload) !== bytes.readUInt32LE(offset + 4))
    return undefined
  return { frame: { type, payload }, next: start + length }
}

/** Which arm some samples belong to, by position in the plan. */
export interface ArmIndex {
  readonly level: number
  readonly endpoint: number
}

/** Rows `from` to the end of `columns`. */
export function encodeSamples(arm: ArmIndex, columns: SampleColumns, from: number): Buffer {
  const count = columns.length - from
  const head = Buffer.alloc(8)
  head.writeUInt16LE(arm.level, 0)
  head.writeUInt16LE(arm.endpoint, 2)
  head.writeUInt32LE(count, 4)
  const parts = COLUMNS.map(([name]) => {
    const rows = columns[name].subarray(from)
    return Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)
  })
  return encodeFrame({ type: 'samples', payload: Buffer.concat([head, ...parts]) })
}

export interface DecodedSamples {
  readonly arm: ArmIndex
  readonly columns: SampleColumns
}

/** Reads a samples frame; undefined where its length does not fit its count. */
export function decodeSamples(payload: Buffer): DecodedSamples | undefined {
  if (payload.length < 8) return undefined
  const count = payload.readUInt32LE(4)
  const rowBytes = COLUMNS.reduce((sum, [, type]) => sum + BYTES[type], 0)
  if (payload.length !== 8 + count * rowBytes) return undefined
  let offset = 8
  const columns = COLUMNS.map(([name, type]) => {
    const column = MAKERS[type](count)
    const size = count * BYTES[type]
    // Copied, because a typed array may not begin at any byte of a file.
    new Uint8Array(column.buffer).set(payload.subarray(offset, offset + size))
    offset += size
    return [name, column] as const
  })
  return {
    arm: { level: payload.readUInt16LE(0), endpoint: payload.readUInt16LE(2) },
    columns: { length: count, ...Object.fromEntries(columns) } as unknown as SampleColumns,
  }
}
