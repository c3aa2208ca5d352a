import type { FindingsNote } from '../../model/late-evidence.ts'
import { countedRows, type ProbedCase, type ProbeTurn } from '../../model/probe.ts'
import type { FoundTrace } from '../../model/findings.ts'
import { SourceError } from '../../observability/fetch-json.ts'
import type { FindingsRead, FindingsSource } from '../../observability/findings-source.ts'
import { FINDINGS_SOURCES } from '../../observability/index.ts'
import {
  isDetected,
  type JoinedTraces,
  joinTraces,
  type TracedRequest,
} from '../../observability/join-traces.ts'
import { readUntilStable } from '../../observability/read-until-stable.ts'
import type { FindingsUrl } from '../../options/measurement-kinds.ts'
import type { RunOptions } from '../../options/run-options.ts'
import { redactUrl } from '../../results/redact.ts'
import { withFindings } from '../../verdict/classify.ts'
import { parseHeaderBlock } from '../../wire/header-block.ts'
import type { PreparedRun } from '../prepare-run.ts'
import { findingsNote } from './findings-note.ts'
import { findingsToken } from './findings-token.ts'
import { attemptKey, type ProbeIds } from './probe-ids.ts'
import type { SentCase } from './send-cases.ts'
import { sentMessages } from './sent-messages.ts'

const TIMEOUT_MS = 30_000

interface ReadRun {
  readonly options: RunOptions
  readonly prepared: PreparedRun
  readonly ids: ProbeIds
  /** The endpoint whose findings they are. */
  readonly judged: string
}

export interface ReadFindings {
  readonly note: FindingsNote
  /** With what was found. */
  readonly probed: readonly ProbedCase[]
}

/** The API of `--findings`. Whatever becomes of it is a note; the run keeps what the replies told. */
export class FindingsReader {
  private readonly source: FindingsSource
  private readonly url: URL
  private readonly run: ReadRun
  private readonly tenant: string
  private readonly beganAt = Date.now()
  /** Trace ids that came back, by attempt. */
  private readonly echoed = new Map<string, string>()

  constructor(api: FindingsUrl, run: ReadRun) {
    this.source = FINDINGS_SOURCES[api.name]
    this.url = new URL(api.value)
    this.run = run
    this.tenant = ownTenant(run, this.source) ?? run.ids.run
  }

  /** Headers by which the traces of this request will be known. */
  headersOf(endpoint: string, turn: ProbeTurn) {
    if (endpoint !== this.run.judged) return []
    const trace = this.run.ids.traceId(endpoint, turn)
    return this.source.requestHeaders({ tenant: this.tenant, trace })
  }

  /** Notes which trace ids came back. */
  note({ prompt, attempts }: SentCase): void {
    for (const attempt of attempts) {
      const { rawHeaders = '' } = attempt.exchange
      const id = parseHeaderBlock(rawHeaders).get(this.source.traceHeader)
      if (id !== undefined) this.echoed.set(attemptKey({ ...attempt, caseId: prompt.id }), id)
    }
  }

  /** Call after the run, when nothing is measured any more. */
  async read(probed: readonly ProbedCase[], signal: AbortSignal): Promise<ReadFindings> {
    const { options } = this.run
    const requests = this.requests(probed)
    const isFound = (trace: FoundTrace) => isDetected(trace, options.findingsMinScore)
    const join = (read: FindingsRead) => joinTraces(requests, read.traces, isFound)
    const expected = requests.filter((one) => one.expected)
    const settled = await readUntilStable({
      read: () => this.source.read(this.api()),
      isComplete: (read) => missing(expected, join(read)) === 0,
      timeoutMs: options.findingsTimeout,
      now: () => performance.now(),
      signal,
    }).catch((error: Error) => {
      if (!(error instanceof SourceError)) throw error
      const notes = [`it cannot be read: ${error.message}`]
      return { traces: [], notes, settledMs: 0, complete: false }
    })
    const joined = join(settled)
    const found = probed.map((one) => {
      const trace = joined.traces.get(attemptKey(one))
      return trace === undefined || one.endpoint !== this.run.judged
        ? one
        : { ...one, verdict: withFindings(one.verdict, isFound(trace)) }
    })
    const note = findingsNote({
      rows: countedRows(probed).filter(({ endpoint }) => endpoint === this.run.judged),
      joined,
      expected: expected.length,
      missing: missing(expected, joined),
      isFound,
      settled,
    })
    return {
      note: { source: this.source.name, url: redactUrl(this.url.href), ...note },
      probed: found,
    }
  }

  private api() {
    const { options, judged } = this.run
    return {
      url: this.url,
      token: findingsToken(options, this.url, judged),
      tenant: this.tenant,
      fetching: { timeoutMs: TIMEOUT_MS, insecure: options.insecure },
      since: this.beganAt,
    }
  }

  private requests(probed: readonly ProbedCase[]): TracedRequest[] {
    const { prepared, ids, judged } = this.run
    const messagesOf = sentMessages(prepared)
    const places = new Map(prepared.prompts.map((prompt, index) => [prompt.id, { prompt, index }]))
    return probed.flatMap((one) => {
      const place = places.get(one.caseId)
      if (one.endpoint !== judged || place === undefined) return []
      const key = attemptKey(one)
      const sent = ids.traceId(judged, { ...one, caseIndex: place.index })
      const echoed = this.echoed.get(key)
      return [
        {
          key,
          traceIds: echoed === undefined ? [sent] : [sent, echoed],
          prompts: this.source.storedPrompts(messagesOf(place.prompt)),
          expected: one.last && ['allowed', 'flagged', 'modified'].includes(one.verdict.kind),
        },
      ]
    })
  }
}

function missing(expected: readonly TracedRequest[], { traces }: JoinedTraces): number {
  return expected.filter(({ key }) => !traces.has(key)).length
}

/** The tenant that the user set by a header of their own. */
function ownTenant({ prepared, judged }: ReadRun, { tenantHeader }: FindingsSource) {
  const endpoint = prepared.head.plan.endpoints.find(({ name }) => name === judged)
  const [request] = endpoint === undefined ? [] : prepared.requestsOf(endpoint)
  return request?.headers.find(([name]) => name.toLowerCase() === tenantHeader)?.[1]
}
