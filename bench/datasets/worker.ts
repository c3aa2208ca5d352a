import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { findSuite, EVERYTHING, LineSplitter, loadPrompts } from './shipped.ts'

/** What one process measures. `plain` and `readline` are the peers: they parse and do nothing else. */
export type Task =
  | { readonly kind: 'core'; readonly folder: string; readonly repeats: number }
  | { readonly kind: Streaming; readonly path: string }

export type Streaming = 'plain' | 'readline' | 'limit' | 'shuffle'

export interface Answer {
  /** Each repeat of it. */
  readonly ms: readonly number[]
  readonly rows: number
  /** Resident memory before the work, and the most of it. */
  readonly startMb: number
  readonly peakMb: number
}

const SELECTED = 1000

async function workOn(task: Task): Promise<{ ms: number[]; rows: number }> {
  if (task.kind !== 'core') {
    const { kind, path } = task
    return timed(1, () => stream(kind, path))
  }
  return timed(task.repeats, async () => {
    const selection = { ...EVERYTHING, label: 'malicious', subcategoryContains: ['role'] } as const
    const files = await findSuite('core', task.folder)
    const request = { name: 'core', files, selection, skipInvalid: false, dropDuplicates: false }
    return (await loadPrompts(request)).total
  })
}

async function stream(kind: Streaming, path: string): Promise<number> {
  if (kind === 'plain') return parsePlainly(path)
  if (kind === 'readline') return parseByReadline(path)
  const shuffleSeed = kind === 'shuffle' ? 7 : 0
  const selection = { ...EVERYTHING, label: 'malicious', limit: SELECTED, shuffleSeed } as const
  const files = [{ path, name: path }]
  const request = { name: path, files, selection, skipInvalid: false, dropDuplicates: false }
  const { prompts, total } = await loadPrompts(request)
  if (prompts.length !== SELECTED) throw new Error(`${prompts.length} rows selected`)
  return total
}

/** The same reading of lines, and JSON.parse: what nobody who parses each line can be faster than. */
async function parsePlainly(path: string): Promise<number> {
  let rows = 0
  const splitter = new LineSplitter((bytes, start, end) => {
    JSON.parse(bytes.toString('utf8', start, end))
    rows += 1
  }, 0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    splitter.feed(chunk as Buffer)
  }
  splitter.finish()
  return rows
}

/** What a script would do. */
async function parseByReadline(path: string): Promise<number> {
  let rows = 0
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    JSON.parse(line)
    rows += 1
  }
  return rows
}

async function timed(repeats: number, work: () => Promise<number>) {
  const ms: number[] = []
  let rows = 0
  for (let index = 0; index < repeats; index += 1) {
    const start = performance.now()
    rows = await work()
    ms.push(performance.now() - start)
  }
  return { ms, rows }
}

process.once('message', (task: Task) => {
  const startMb = process.memoryUsage.rss() / 1e6
  workOn(task).then(
    (result) => {
      const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6
      process.send?.({ ...result, startMb, peakMb } satisfies Answer, () => process.exit(0))
    },
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
