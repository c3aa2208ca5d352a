import type { Measurement } from '../model/measurement.ts'
import type { ProcessUsage } from '../model/process-usage.ts'
import type { RunHead } from '../model/run-record.ts'
import type { UpstreamArrival } from '../model/upstream-arrival.ts'
import type { Warning } from '../model/warning.ts'
import { redactUrl } from '../results/redact.ts'
import { RunFileWriter } from '../results/run-file-writer.ts'

/** How often samples go to the run file: what a killed run loses at most, with the time of one write. */
const PERIOD_MS = 500

type SoFar = () => readonly Measurement[]

/** Keeps a run on disk while it lasts; without a path it keeps nothing. */
export class Journal {
  private timer: NodeJS.Timeout | undefined
  private readonly writer: RunFileWriter | undefined

  private constructor(writer: RunFileWriter | undefined) {
    this.writer = writer
  }

  static async open(path: string | undefined, head: RunHead): Promise<Journal> {
    return new Journal(path === undefined ? undefined : await RunFileWriter.open(path, head))
  }

  startLevel(index: number, soFar: SoFar): void {
    const { writer } = this
    if (writer === undefined) return
    this.timer = setInterval(() => writer.appendSamples(index, soFar()), PERIOD_MS)
    this.timer.unref()
  }

  endLevel(index: number, measurements: readonly Measurement[]): void {
    clearInterval(this.timer)
    this.writer?.endLevel(
      index,
      measurements.map((one) => ({ ...one, url: redactUrl(one.url) })),
    )
  }

  keepUpstream(arrivals: readonly UpstreamArrival[]): void {
    this.writer?.appendUpstream(arrivals)
  }

  keepProcesses(processes: readonly ProcessUsage[]): void {
    if (processes.length > 0) this.writer?.appendProcesses(processes)
  }

  /** What went wrong while keeping it. */
  async close(partial: boolean): Promise<Warning[]> {
    clearInterval(this.timer)
    await this.writer?.close(partial)
    return this.writer?.incident === undefined ? [] : [this.writer.incident]
  }
}
