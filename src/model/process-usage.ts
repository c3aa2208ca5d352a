import type { Level } from './level.ts'
import type { Milliseconds } from './units.ts'

/** What one server process, with all that it started, used while a level was measured. */
export interface ProcessUsage {
  readonly name: string
  /** The only endpoint that it serves, where that is known. */
  readonly endpoint?: string | undefined
  readonly level: Level
  readonly wallMs: Milliseconds
  /** User and system time. The system counts it in steps of 10 ms. */
  readonly cpuMs: Milliseconds
  /** Most resident memory seen, looked at twice a second; shared pages count once a process. */
  readonly peakRssBytes: number
}
