import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StreamRecorder } from '../../src/engine/stream-recorder.ts'
import { FINISH_REASONS } from '../../src/model/stream.ts'
import { anyStream } from '../helpers/any-stream.ts'

describe('StreamRecorder', () => {
  test('keeps any streams row by row, and the gaps of all of them one after the other', () => {
    fc.assert(
      fc.property(fc.array(anyStream, { maxLength: 30 }), fc.nat(5), (streams, skipped) => {
        const recorder = new StreamRecorder(streams.length + skipped, skipped)
        for (const stream of streams) recorder.record(stream)
        const columns = recorder.columns()
        expect(columns.length).toBe(streams.length + skipped)
        expect(Array.from(columns.gapsMs)).toEqual(streams.flatMap(({ gapsMs }) => gapsMs))
        for (const [index, stream] of streams.entries()) {
          const row = index + skipped
          expect(columns.chunks[row]).toBe(stream.chunks)
          expect(columns.contentHash[row]).toBe(stream.contentHash)
          expect(columns.firstTokenAt[row]).toBe(stream.firstTokenAt ?? Number.NaN)
          expect(FINISH_REASONS[columns.finishReason[row] ?? -1]).toBe(stream.finishReason)
        }
      }),
    )
  })

  test('a row without a stream has neither chunks nor instants', () => {
    const recorder = new StreamRecorder(2, 1)
    recorder.record(undefined)
    const { chunks, firstTokenAt, outputTokens, length } = recorder.columns()
    expect([length, ...chunks]).toEqual([2, 0, 0])
    expect([...firstTokenAt, ...outputTokens]).toEqual([NaN, NaN, NaN, NaN])
  })
})
