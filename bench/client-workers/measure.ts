import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const UPSTREAM = fileURLToPath(new URL('null-upstream.ts', import.meta.url))

export interface Upstream {
  readonly origin: string
  stop(): Promise<void>
}

/** The zero-delay upstream in a process of its own, which ends with its input and so never outlives us. */
export async function startUpstream(): Promise<Upstream> {
  const child = spawn(process.execPath, ['--import', 'tsx', UPSTREAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [piece] = (await Promise.race([once(child.stdout, 'data'), exited])) as unknown[]
  const origin = /listening on (\S+)/.exec(String(piece))?.[1]
  if (origin === undefined) throw new Error('the upstream did not start')
  const stop = async () => {
    child.stdin.end()
    await exited
  }
  return { origin, stop }
}

export interface Load {
  readonly client: 'lean' | 'undici'
  readonly workers: number
  readonly requests: number
  readonly concurrency: number
}

export interface Figures {
  readonly okRps: number
  readonly p99Ms: number
}

/** One run of the built command as a user starts it, self-warm-up included. Rejects where a request is lost. */
export async function measure(origin: string, load: Load): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-client-workers-'))
  const output = join(folder, 'result.json')
  const values = {
    '--url': `${origin}/v1/chat/completions`,
    '--model': 'm',
    '--client': load.client,
    '--client-workers': String(load.workers),
    '--requests': String(load.requests),
    '--concurrency': String(load.concurrency),
    '--output-json': output,
  }
  try {
    const child = spawn(process.execPath, [MAIN, ...Object.entries(values).flat()], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code] = (await once(child, 'exit')) as unknown[]
    if (code !== 0) throw new Error(`a run ended with ${String(code)}`)
    const { runs } = JSON.parse(await readFile(output, 'utf8')) as {
      runs: { ok: number; metrics: { ok_rps: number; p99: number } }[]
    }
    const [run] = runs
    if (run?.ok !== load.requests) throw new Error(`${run?.ok} of ${load.requests} were ok`)
    return { okRps: run.metrics.ok_rps, p99Ms: run.metrics.p99 }
  } finally {
    await rm(folder, { recursive: true })
  }
}
