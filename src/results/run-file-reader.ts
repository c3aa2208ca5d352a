import type { Measurement, SampleColumns } from '../model/measurement.ts'
import type { ProcessUsage } from '../model/process-usage.ts'
import type { RunHead, RunRecord } from '../model/run-record.ts'
import { UsageError } from '../model/usage-error.ts'
import type { StreamColumns } from '../model/stream.ts'
import type { UpstreamArrival } from '../model/upstream-arrival.ts'
import type { Warning } from '../model/warning.ts'
import { decodeStreams, joinStreams } from './stream-frame.ts'
import {
  COLUMNS,
  decodeFrame,
  decodeSamples,
  MAGIC,
  MAKERS,
  RUN_FILE_VERSION,
} from './run-file-format.ts'
import { type DecodedVerdicts, decodeVerdicts, joinVerdicts } from './run-file-verdicts.ts'

type LevelFacts = Omit<Measurement, 'samples' | 'stream'>

interface Contents {
  head: RunHead | undefined
  /** By `level/endpoint`. */
  readonly samples: Map<string, SampleColumns[]>
  readonly streams: Map<string, StreamColumns[]>
  readonly verdicts: Map<string, DecodedVerdicts[]>
  readonly facts: Map<string, LevelFacts>
  processes: ProcessUsage[] | undefined
  upstream: UpstreamArrival[] | undefined
  end: { readonly partial: boolean } | undefined
  /** Bytes after the last whole frame. */
  leftOver: number
}

/** Whether these bytes begin as a run file does. */
export function isRunFile(bytes: Buffer): boolean {
  return bytes.subarray(0, MAGIC.length).equals(MAGIC)
}

/**
 * Reads a run file, also one that ends in the middle because the run was killed or the disk was full: all whole frames
 * count, and the run is partial. Throws UsageError, naming `path`, where not even the head is whole.
 */
export function readRunFile(path: string, bytes: Buffer): RunRecord {
  const contents = readFrames(path, bytes)
  const { head } = contents
  if (head === undefined) {
    throw new UsageError(`${path} ends before its first sample; nothing can be reported from it`)
  }
  const measurements = head.plan.levels.flatMap((_, level) =>
    head.plan.endpoints.flatMap((__, endpoint) =>
      buildMeasurement(head, contents, { level, endpoint }),
    ),
  )
  const partial = contents.end?.partial ?? true
  const { processes, upstream } = contents
  return {
    ...head,
    measurements,
    processes,
    upstream,
    partial,
    incidents: incidentsOf(path, contents),
  }
}

function readFrames(path: string, bytes: Buffer): Contents {
  const contents: Contents = {
    head: undefined,
    samples: new Map(),
    streams: new Map(),
    verdicts: new Map(),
    facts: new Map(),
    processes: undefined,
    upstream: undefined,
    end: undefined,
    leftOver: 0,
  }
  let offset = MAGIC.length
  for (;;) {
    const found = decodeFrame(bytes, offset)
    if (found === undefined) break
    takeFrame(path, contents, found.frame)
    offset = found.next
  }
  contents.leftOver = Math.max(0, bytes.length - offset)
  return contents
}

function takeFrame(
  path: string,
  contents: Contents,
  { type, payload }: NonNullable<ReturnType<typeof decodeFrame>>['frame'],
): void {
  if (type === 'samples') {
    const decoded = decodeSamples(payload)
    if (decoded === undefined) return
    const key = `${decoded.arm.level}/${decoded.arm.endpoint}`
    contents.samples.set(key, [...(contents.samples.get(key) ?? []), decoded.columns])
    return
  }
  if (type === 'streams') {
    const decoded = decodeStreams(payload)
    if (decoded === undefined) return
    const key = `${decoded.arm.level}/${decoded.arm.endpoint}`
    contents.streams.set(key, [...(contents.streams.get(key) ?? []), decoded.columns])
    return
  }
  if (type === 'verdicts') {
    const decoded = decodeVerdicts(payload)
    if (decoded === undefined) return
    const key = `${decoded.arm.level}/${decoded.arm.endpoint}`
    contents.verdicts.set(key, [...(contents.verdicts.get(key) ?? []), decoded])
    return
  }
  const value: unknown = JSON.parse(payload.toString('utf8'))
  if (type === 'head') contents.head = readHead(path, value)
  else if (type === 'end') contents.end = value as { partial: boolean }
  else if (type === 'upstream') contents.upstream = value as UpstreamArrival[]
  else if (type === 'processes') {
    contents.processes = [...(contents.processes ?? []), ...(value as ProcessUsage[])]
  } else {
    const { level, measurements } = value as { level: number; measurements: LevelFacts[] }
    for (const [endpoint, facts] of measurements.entries()) {
      contents.facts.set(`${level}/${endpoint}`, facts)
    }
  }
}

/** What a file says of itself besides the run. */
interface Prefix {
  readonly version: number
  readonly columns: unknown
  readonly streamColumns?: unknown
}

function readHead(path: string, value: unknown): RunHead {
  const { version, columns: _, streamColumns: __, ...head } = value as RunHead & Prefix
  const { levels, endpoints } = (head.plan ?? {}) as Partial<RunHead['plan']>
  if (!Array.isArray(levels) || !Array.isArray(endpoints) || !(version >= 1)) {
    throw new UsageError(`${path} has no plan in its head; it is no run file of this program`)
  }
  if (version <= RUN_FILE_VERSION) return head
  throw new UsageError(
    `${path} is of version ${version}, and this program reads up to ${RUN_FILE_VERSION}; use a newer llmtrace-bench`,
  )
}

function buildMeasurement(
  { plan }: RunHead,
  { samples, streams, verdicts, facts, end }: Contents,
  { level, endpoint }: { readonly level: number; readonly endpoint: number },
): Measurement[] {
  const key = `${level}/${endpoint}`
  const rows = joinColumns(samples.get(key) ?? [])
  const { verdict, ...judged } = joinVerdicts(verdicts.get(key) ?? [], rows.length)
  const columns = { ...rows, verdict }
  const known = facts.get(key)
  const pieces = streams.get(key)
  const stream = pieces === undefined ? {} : { stream: joinStreams(pieces, columns.length) }
  if (known !== undefined) return [{ ...known, ...judged, samples: columns, ...stream }]
  // The level was under way when the file ended: what it has is in its samples.
  const route = plan.endpoints[endpoint]
  const load = plan.levels[level]
  if (columns.length === 0 || route === undefined || load === undefined) return []
  const rounds = columns.round.reduce((most, round) => Math.max(most, round + 1), 0)
  return [
    {
      endpoint: route.name,
      url: route.url,
      level: load,
      planned: plan.requests,
      rounds,
      samples: columns,
      ...stream,
      errorExamples: [],
      clientLoads: [],
      facts: [],
      heldBack: 0,
      ...judged,
      partial: end === undefined,
    },
  ]
}

function joinColumns(pieces: readonly SampleColumns[]): Omit<SampleColumns, 'verdict'> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const joined = COLUMNS.map(([name, type]) => {
    const column = MAKERS[type](length)
    let offset = 0
    for (const piece of pieces) {
      column.set(piece[name], offset)
      offset += piece.length
    }
    return [name, column] as const
  })
  return { length, ...Object.fromEntries(joined) } as unknown as SampleColumns
}

function incidentsOf(path: string, { end, leftOver }: Contents): Warning[] {
  if (end !== undefined) return []
  const damage = leftOver === 0 ? '' : `, and its last ${leftOver} bytes are not whole`
  return [
    {
      code: 'storage',
      message: `${path} has no end: the run was killed or the disk was full${damage}`,
      advice: 'take the numbers as those of a shorter run',
    },
  ]
}
