import { Agent, request } from 'undici'
import type { UpstreamArrival } from '../model/upstream-arrival.ts'
import type { Milliseconds } from '../model/units.ts'
import { isRecord, type JsonRecord, listAt, numberAt, parseJson, textAt } from '../wire/json.ts'

export interface ArrivalLogOptions {
  /** Such as `http://127.0.0.1:8082/simulator/log`; the tap's log has the same shape. */
  readonly url: URL
  /** Of the machine, ms since 1970, when the run's clock shows 0. */
  readonly clockOrigin: Milliseconds
  readonly insecure: boolean
}

const PAGE = 10_000
const MOST_PAGES = 100
const TIMEOUT_MS = 10_000

/** After the last cancellation a proxy may take so long to pass it on before it is taken for one that does not. */
const SETTLE_MS = 2000
const LOOK_EVERY_MS = 100

interface Entry {
  readonly sequence: number
  readonly ended: boolean
  readonly arrival: UpstreamArrival
}

/** The log of the server behind a proxy: when requests arrived there, and which of them went away. */
export class ArrivalLog {
  private before = 0
  private readonly options: ArrivalLogOptions

  constructor(options: ArrivalLogOptions) {
    this.options = options
  }

  /** Call before the run: what came earlier is none of its. Throws Error, whose message says what is in the way. */
  async open(): Promise<void> {
    const { total, entries } = await this.page(0, 1)
    const [first] = entries
    this.before = first === undefined ? 0 : first.sequence + total - 1
  }

  /** Call after the run. Waits a little for requests that have no end yet: news of a cancellation takes time. */
  async read(): Promise<UpstreamArrival[]> {
    const giveUpAt = Date.now() + SETTLE_MS
    for (;;) {
      const entries = await this.readAll()
      const settled = entries.every(({ ended }) => ended)
      if (settled || Date.now() > giveUpAt) return entries.map(({ arrival }) => arrival)
      await new Promise((resolve) => {
        setTimeout(resolve, LOOK_EVERY_MS)
      })
    }
  }

  private async readAll(): Promise<Entry[]> {
    const all: Entry[] = []
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { total, entries } = await this.page(all.at(-1)?.sequence ?? this.before, PAGE)
      all.push(...entries)
      if (entries.length === 0 || total <= entries.length) break
    }
    return all
  }

  private async page(since: number, limit: number) {
    const url = new URL(this.options.url)
    url.searchParams.set('since', String(since))
    url.searchParams.set('limit', String(limit))
    const value = await getJson(url, this.options.insecure)
    const total = numberAt(value, 'total')
    if (total === undefined) {
      throw new Error('its answer is no log: {"total": ..., "entries": [...]} is')
    }
    const entries = listAt(value, 'entries').flatMap((one) => this.entryOf(one) ?? [])
    return { total, entries }
  }

  private entryOf(value: unknown): Entry | undefined {
    const entry: JsonRecord = isRecord(value) ? value : {}
    const sequence = numberAt(entry, 'sequence')
    const arrived = Date.parse(textAt(entry, 'arrivedAt'))
    if (sequence === undefined || Number.isNaN(arrived)) return undefined
    const at = arrived - this.options.clockOrigin
    const [began, aborted] = [numberAt(entry, 'at'), numberAt(entry, 'abortedAt')]
    const abortedAt =
      began === undefined || aborted === undefined ? undefined : aborted - began + at
    const ended = abortedAt !== undefined || numberAt(entry, 'endedAt') !== undefined
    return { sequence, ended, arrival: { at, ...(abortedAt === undefined ? {} : { abortedAt }) } }
  }
}

async function getJson(url: URL, insecure: boolean): Promise<unknown> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: !insecure }, keepAliveTimeout: 1 })
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const { statusCode, body } = await request(url, { dispatcher, signal })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`it answers ${statusCode}`)
    return parseJson(text)
  } finally {
    await dispatcher.destroy()
  }
}
