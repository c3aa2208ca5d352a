import { isRecord, listAt, numberAt, textAt } from '../wire/json.ts'
import { fetchJson, type FetchOptions, SourceError } from './fetch-json.ts'

/** What the server behind the proxy saw of one request: an entry of `/simulator/log` and of logs like it. */
export interface UpstreamEntry {
  readonly sequence: number
  /** The header that says which request it is; empty where it did not arrive. */
  readonly caseId: string
  readonly promptHash: string
  /** First 200 characters. */
  readonly lastUserText: string
  /** What was answered. */
  readonly status: number | undefined
}

export interface UpstreamRead {
  readonly entries: readonly UpstreamEntry[]
  /** Nothing that arrived meanwhile is missing. */
  readonly complete: boolean
  readonly notes: readonly string[]
}

const PAGE = 1000
/** Twice what the simulator keeps. */
const MOST_PAGES = 200

/** A log of what arrived at the server behind the proxy. */
export class UpstreamLog {
  private readonly url: URL
  private readonly fetching: FetchOptions
  /** Sequence of the last entry before the run; undefined while it is not known. */
  private before: number | undefined

  constructor(url: string, fetching: FetchOptions) {
    this.url = new URL(url)
    this.fetching = fetching
  }

  /** Call before the run: entries up to now are none of its. Throws SourceError. */
  async open(): Promise<void> {
    this.before = await this.lastSequence()
  }

  /** Call after the run, when no request is under way. Never throws: what is missing is in the notes. */
  async read(): Promise<UpstreamRead> {
    if (this.before === undefined) return { entries: [], complete: false, notes: [] }
    const entries: UpstreamEntry[] = []
    try {
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const since = entries.at(-1)?.sequence ?? this.before
        const got = await this.page(since, PAGE)
        entries.push(...got.entries.filter(({ sequence }) => sequence > since))
        if (got.entries.length === 0 || got.total <= got.entries.length) {
          return await this.checked(entries, this.before)
        }
      }
      return {
        entries,
        complete: false,
        notes: [`only the first ${entries.length} entries are read`],
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      return {
        entries,
        complete: false,
        notes: [`it could not be read to its end: ${error.message}`],
      }
    }
  }

  /** Logs are bounded, may be emptied, and begin anew with their server: then absence proves nothing. */
  private async checked(entries: readonly UpstreamEntry[], before: number): Promise<UpstreamRead> {
    const [first] = entries
    const forgot = first !== undefined && before > 0 && first.sequence > before + 1
    const restarted = first === undefined && before > 0 && (await this.lastSequence()) < before
    return forgot || restarted
      ? {
          entries,
          complete: false,
          notes: ['it does not hold everything that arrived: absence proves nothing'],
        }
      : { entries, complete: true, notes: [] }
  }

  /** 0 for an empty log. Entries are numbered without gaps. */
  private async lastSequence(): Promise<number> {
    const { total, entries } = await this.page(0, 1)
    const [first] = entries
    return first === undefined ? 0 : first.sequence + total - 1
  }

  private async page(since: number, limit: number) {
    const url = new URL(this.url)
    url.searchParams.set('since', String(since))
    url.searchParams.set('limit', String(limit))
    const { value } = await fetchJson(url, this.fetching)
    const total = numberAt(value, 'total')
    if (total === undefined || !isRecord(value)) {
      throw new SourceError('its answer is no log: {"total": ..., "entries": [...]} is')
    }
    return { total, entries: listAt(value, 'entries').flatMap((one) => readEntry(one) ?? []) }
  }
}

function readEntry(value: unknown): UpstreamEntry | undefined {
  const sequence = numberAt(value, 'sequence')
  if (sequence === undefined) return undefined
  return {
    sequence,
    caseId: textAt(value, 'caseId'),
    promptHash: textAt(value, 'promptHash'),
    lastUserText: textAt(value, 'lastUserText'),
    status: numberAt(value, 'status'),
  }
}
