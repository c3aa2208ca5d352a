import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { Measurement } from '../../src/model/measurement.ts'
import type { RunRecord } from '../../src/model/run-record.ts'
import { MAGIC } from '../../src/results/run-file-format.ts'
import { isRunFile, readRunFile } from '../../src/results/run-file-reader.ts'
import { RunFileWriter } from '../../src/results/run-file-writer.ts'
import { anyStream } from '../helpers/any-stream.ts'
import { BLOCKED, buildMeasurement, roundRows } from '../helpers/measurement-builder.ts'
import { buildRecord } from '../helpers/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

const side = (endpoint: string, rounds: number) =>
  buildMeasurement(
    roundRows(rounds, 5, (round, sequence) => 10 + round + sequence / 7),
    {
      endpoint,
      errorExamples: [{ outcome: 'reset', status: undefined, message: 'gone' }],
      clientLoads: [{ round: 0, loopDelayP99Ms: 0.5, cpuShare: 0.25 }],
    },
  )

const record = buildRecord([side('direct', 4), side('proxy', 4)])

/** Writes a run, the rows of a level in two appends, and closes where asked to. */
async function write(name: string, run: RunRecord, whole = true): Promise<string> {
  const path = join(folder, name)
  const { measurements, partial, incidents: _, ...head } = run
  const writer = await RunFileWriter.open(path, head)
  const half = (one: Measurement) => side(one.endpoint, 2)
  writer.appendSamples(0, measurements.map(half))
  writer.endLevel(0, measurements)
  if (whole) await writer.close(partial)
  else await new Promise((resolve) => setTimeout(resolve, 100))
  return path
}

const plain = (run: RunRecord) => JSON.parse(JSON.stringify(run)) as unknown

describe('run file', () => {
  test('gives back what was written, whatever the pieces', async () => {
    const path = await write('whole.run', record)
    const bytes = readFileSync(path)
    expect(isRunFile(bytes)).toBe(true)
    const read = readRunFile(path, bytes)
    expect(plain(read)).toEqual(plain(record))
    expect(read.measurements[0]?.samples.endedAt).toEqual(record.measurements[0]?.samples.endedAt)
  })

  test('without its end it is partial, and says so', async () => {
    const path = await write('killed.run', record, false)
    const read = readRunFile(path, readFileSync(path))
    expect(read.partial).toBe(true)
    expect(read.incidents.map(({ code }) => code)).toEqual(['storage'])
    expect(read.measurements.map(({ samples }) => samples.length)).toEqual([20, 20])
  })

  test('cut anywhere, it keeps every whole frame and never throws but for its head', async () => {
    const path = await write('cut.run', record)
    const bytes = readFileSync(path)
    const headEnd = MAGIC.length + 9 + bytes.readUInt32LE(MAGIC.length)
    fc.assert(
      fc.property(fc.integer({ min: MAGIC.length, max: headEnd - 1 }), (length) => {
        const cut = bytes.subarray(0, length)
        expect(() => readRunFile(path, cut)).toThrow('ends before its first sample')
      }),
    )
    fc.assert(
      fc.property(fc.integer({ min: headEnd, max: bytes.length - 1 }), (length) => {
        const read = readRunFile(path, bytes.subarray(0, length))
        expect(read.partial).toBe(true)
        for (const { samples } of read.measurements) expect([10, 20]).toContain(samples.length)
      }),
    )
  })

  test('a flipped bit ends the reading there: what is damaged is not taken for data', async () => {
    const path = await write('flipped.run', record)
    const bytes = readFileSync(path)
    const headEnd = MAGIC.length + 9 + bytes.readUInt32LE(MAGIC.length)
    fc.assert(
      fc.property(fc.integer({ min: headEnd, max: bytes.length - 1 }), fc.nat(7), (at, bit) => {
        const damaged = Buffer.from(bytes)
        damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << bit), at)
        const read = readRunFile(path, damaged)
        expect(read.partial).toBe(true)
        for (const { samples } of read.measurements) {
          const known = record.measurements[0]?.samples.sequence.subarray(0, samples.length)
          expect(samples.sequence).toEqual(known)
        }
      }),
    )
  })

  test('keeps verdicts, which come later than their rows, and none for rows that have none yet', async () => {
    const rows = roundRows(4, 5, () => 10).map((row) => ({
      ...row,
      ...(row.sequence === 3 ? { ground: BLOCKED } : {}),
    }))
    const whole = buildMeasurement(rows, { endpoint: 'direct' })
    const { grounds: _, ...rest } = whole
    const { length } = whole.samples
    const path = join(folder, 'verdicts.run')
    const { measurements: __, partial, incidents: ___, ...head } = buildRecord([])
    const writer = await RunFileWriter.open(path, head)
    const judgedTo = (row: number) => {
      const verdict = whole.samples.verdict?.map((one, index) => (index < row ? one : 0))
      return { ...whole, samples: { ...whole.samples, verdict: verdict ?? new Uint16Array() } }
    }
    writer.appendSamples(0, [{ ...rest, samples: judgedTo(0).samples }])
    writer.appendSamples(0, [judgedTo(5)])
    writer.appendSamples(0, [judgedTo(10)])
    await writer.close(partial)
    const [killed] = readRunFile(path, readFileSync(path)).measurements
    expect(killed?.grounds).toEqual(whole.grounds)
    expect(killed?.samples.verdict).toEqual(judgedTo(10).samples.verdict)
    expect(killed?.samples.length).toBe(length)
  })

  test('of version 1, which has no verdicts, is read as not judged', async () => {
    const path = await write('old.run', { ...record, version: 1 } as unknown as RunRecord)
    const [read] = readRunFile(path, readFileSync(path)).measurements
    expect(read?.grounds).toBeUndefined()
    expect(read?.samples.verdict?.some((one) => one > 0)).toBe(false)
  })

  test('a newer version is refused with the way out', async () => {
    const path = await write('newer.run', { ...record, version: 99 } as unknown as RunRecord)
    expect(() => readRunFile(path, readFileSync(path))).toThrow('version 99')
  })

  test.skipIf(process.platform !== 'linux')('a full disk does not end the run', async () => {
    const { measurements, partial, incidents: _, ...head } = record
    const writer = await RunFileWriter.open('/dev/full', head)
    writer.endLevel(0, measurements)
    await writer.close(partial)
    expect(writer.incident).toMatchObject({ code: 'storage' })
    expect(writer.incident?.message).toContain('ENOSPC')
  })
})

describe('streams in a run file', () => {
  const streams = fc.sample(anyStream, { numRuns: 20, seed: 5 })
  const streamed = (count: number) =>
    buildMeasurement(
      roundRows(count / 5, 5, () => 10).map((row, index) => {
        const stream = streams[index]
        return stream === undefined ? row : { ...row, stream }
      }),
      { endpoint: 'direct' },
    )
  const whole = streamed(20)

  async function writeStreams(name: string): Promise<Buffer> {
    const path = join(folder, name)
    const { measurements: _, incidents: __, partial: ___, ...head } = buildRecord([])
    const writer = await RunFileWriter.open(path, head)
    writer.appendSamples(0, [streamed(10)])
    writer.endLevel(0, [whole])
    await writer.close(false)
    return readFileSync(path)
  }

  test('come back as they were written, in two pieces', async () => {
    const read = readRunFile('s.run', await writeStreams('streams.run'))
    expect(read.measurements[0]?.stream).toEqual(whole.stream)
  })

  test('cut anywhere, there is a row of streams for each sample, and its gaps', async () => {
    const bytes = await writeStreams('cut-streams.run')
    const headEnd = MAGIC.length + 9 + bytes.readUInt32LE(MAGIC.length)
    fc.assert(
      fc.property(fc.integer({ min: headEnd, max: bytes.length }), (length) => {
        for (const { samples, stream } of readRunFile('s.run', bytes.subarray(0, length))
          .measurements) {
          expect(stream?.length ?? samples.length).toBe(samples.length)
          const gaps = stream?.chunks.reduce((sum, chunks) => sum + Math.max(0, chunks - 1), 0)
          expect(stream?.gapsMs.length).toBe(gaps)
        }
      }),
    )
  })
})
