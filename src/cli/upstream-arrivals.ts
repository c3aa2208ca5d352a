import { monotonicClock } from '../engine/monotonic-clock.ts'
import type { UpstreamArrival } from '../model/upstream-arrival.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Warning } from '../model/warning.ts'
import { ArrivalLog } from '../observability/arrival-log.ts'
import type { RunOptions } from '../options/run-options.ts'
import { redactUrl } from '../results/redact.ts'

export interface UpstreamRead {
  readonly arrivals: readonly UpstreamArrival[] | undefined
  readonly incidents: readonly Warning[]
}

/** What the server behind the proxy sees of a run that cancels: `--upstream-log`, opened before it and read after it. */
export class UpstreamArrivals {
  private readonly log: ArrivalLog | undefined
  private readonly url: string

  private constructor(log: ArrivalLog | undefined, url: string) {
    this.log = log
    this.url = url
  }

  /** Throws UsageError where the log cannot be read. */
  static async open({ upstreamLog, cancelAfter, insecure }: RunOptions): Promise<UpstreamArrivals> {
    if (upstreamLog === undefined || cancelAfter === undefined)
      return new UpstreamArrivals(undefined, '')
    const url = redactUrl(upstreamLog)
    const log = new ArrivalLog({ url: new URL(upstreamLog), clockOrigin: clockOrigin(), insecure })
    try {
      await log.open()
    } catch (error) {
      throw new UsageError(
        `--upstream-log ${url} cannot be read (${describe(error)}); give the log of the simulator or the tap, such as http://127.0.0.1:8082/simulator/log`,
      )
    }
    return new UpstreamArrivals(log, url)
  }

  /** Never throws: the run is over, and is worth more than this. */
  async read(): Promise<UpstreamRead> {
    if (this.log === undefined) return { arrivals: undefined, incidents: [] }
    try {
      return { arrivals: await this.log.read(), incidents: [] }
    } catch (error) {
      const message = `--upstream-log ${this.url} could not be read after the run (${describe(error)}), so what was cancelled upstream is not known`
      const advice = 'keep that server running until the run has ended'
      return { arrivals: undefined, incidents: [{ code: 'storage', message, advice }] }
    }
  }
}

/** The machine's clock in ms since 1970 when the run's clock shows 0. Read as the former ticks, which it does in whole ms. */
function clockOrigin(): number {
  const before = Date.now()
  let ticked = before
  while (ticked === before) ticked = Date.now()
  return ticked - monotonicClock.now()
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
