import { closeSync, openSync, writeSync } from 'node:fs'
import type { ProbedCase } from '../../model/probe.ts'
import { probeRowJson } from './probe-row.ts'

/**
 * A line for every attempt, handed to the system as soon as its case is done: a run that is killed keeps what it had.
 * Never throws once it is open: a disk that fills up ends the file, not the run.
 */
export class JsonlWriter {
  readonly path: string
  /** Such as `ENOSPC`; undefined while all is well. */
  problem: string | undefined
  private readonly descriptor: number

  /** Empties the file. Throws what the system says where it cannot be opened. */
  constructor(path: string) {
    this.path = path
    this.descriptor = openSync(path, 'w')
  }

  /** `revised` lines say again what evidence that came after the run has changed: the last line of an attempt counts. */
  write(probed: readonly ProbedCase[], revised = false): void {
    if (this.problem !== undefined || probed.length === 0) return
    const lines = probed.map((one) => {
      const row = probeRowJson(one)
      return `${JSON.stringify(revised ? { ...row, revised } : row)}\n`
    })
    this.attempt(() => writeAll(this.descriptor, Buffer.from(lines.join(''))))
  }

  close(): void {
    this.attempt(() => closeSync(this.descriptor))
  }

  private attempt(action: () => void): void {
    try {
      action()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      this.problem ??= code
    }
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) written += writeSync(descriptor, bytes, written)
}
