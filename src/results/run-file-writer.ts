import { type FileHandle, open } from 'node:fs/promises'
import type { Measurement } from '../model/measurement.ts'
import type { ProcessUsage } from '../model/process-usage.ts'
import type { RunHead } from '../model/run-record.ts'
import type { UpstreamArrival } from '../model/upstream-arrival.ts'
import type { Warning } from '../model/warning.ts'
import {
  type ArmIndex,
  COLUMNS,
  encodeSamples,
  jsonFrame,
  MAGIC,
  RUN_FILE_VERSION,
} from './run-file-format.ts'
import { countJudged, encodeVerdicts } from './run-file-verdicts.ts'
import { encodeStreams, STREAM_COLUMNS } from './stream-frame.ts'

/**
 * Appends a run to a file while it lasts. Never throws after opening: when the disk is full the run goes on in memory,
 * and `incident` says what the file lacks.
 */
export class RunFileWriter {
  private readonly written = new Map<string, number>()
  private readonly judged = new Map<string, number>()
  private queue: Promise<void> = Promise.resolve()
  private failure: string | undefined
  private readonly file: FileHandle
  private readonly path: string

  private constructor(file: FileHandle, path: string) {
    this.file = file
    this.path = path
  }

  static async open(path: string, head: RunHead): Promise<RunFileWriter> {
    const writer = new RunFileWriter(await open(path, 'w'), path)
    writer.append(Buffer.concat([MAGIC, jsonFrame('head', headOf(head))]))
    return writer
  }

  /** Appends the rows of a level that are not in the file yet, and the verdicts that are not. */
  appendSamples(level: number, measurements: readonly Measurement[]): void {
    for (const [endpoint, measurement] of measurements.entries()) {
      const { samples, stream } = measurement
      const key = `${level}/${endpoint}`
      const from = this.written.get(key) ?? 0
      if (samples.length > from) {
        this.written.set(key, samples.length)
        this.append(encodeSamples({ level, endpoint }, samples, from))
        if (stream !== undefined) this.append(encodeStreams({ level, endpoint }, stream, from))
      }
      this.appendVerdicts({ level, endpoint }, measurement)
    }
  }

  private appendVerdicts(arm: ArmIndex, { samples, grounds = [] }: Measurement): void {
    const key = `${arm.level}/${arm.endpoint}`
    const from = this.judged.get(key) ?? 0
    const count = countJudged(samples, from)
    if (count === 0 || samples.verdict === undefined) return
    this.judged.set(key, from + count)
    this.append(encodeVerdicts(arm, samples.verdict.subarray(from, from + count), from, grounds))
  }

  /** Appends what is known of a level when it is done, and what is left of its rows. */
  endLevel(level: number, measurements: readonly Measurement[]): void {
    this.appendSamples(level, measurements)
    const facts = measurements.map((one) => ({ ...one, samples: undefined, stream: undefined }))
    this.append(jsonFrame('level', { level, measurements: facts }))
    this.queue = this.queue.then(() => this.sync())
  }

  appendUpstream(arrivals: readonly UpstreamArrival[]): void {
    this.append(jsonFrame('upstream', arrivals))
  }

  appendProcesses(processes: readonly ProcessUsage[]): void {
    this.append(jsonFrame('processes', processes))
  }

  /** Appends the end mark and closes; resolves when all is on disk or given up. */
  async close(partial: boolean): Promise<void> {
    this.append(jsonFrame('end', { partial }))
    await this.queue
    await this.sync()
    await this.file.close().catch(() => {})
  }

  get incident(): Warning | undefined {
    if (this.failure === undefined) return undefined
    return {
      code: 'storage',
      message: `--run-file ${this.path} could not be written further (${this.failure}); the run went on in memory`,
      advice: 'free space on that disk, and keep --output-json on another',
    }
  }

  private append(bytes: Buffer): void {
    this.queue = this.queue.then(() => this.write(bytes))
  }

  private async write(bytes: Buffer): Promise<void> {
    // After a failure the file ends at its last whole frame or within one, which readers pass over.
    if (this.failure !== undefined) return
    try {
      let rest = bytes
      while (rest.length > 0) rest = rest.subarray((await this.file.write(rest)).bytesWritten)
    } catch (error) {
      this.failure = codeOf(error)
    }
  }

  private async sync(): Promise<void> {
    if (this.failure !== undefined) return
    await this.file.sync().catch((error: unknown) => {
      // A device or pipe cannot be synced, and need not be.
      if (codeOf(error) !== 'EINVAL') this.failure = codeOf(error)
    })
  }
}

function headOf(head: RunHead) {
  return { version: RUN_FILE_VERSION, columns: COLUMNS, streamColumns: STREAM_COLUMNS, ...head }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
