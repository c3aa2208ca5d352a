import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './command.ts'
import { BODY, HEADERS, type Turn, type TurnResult } from './workload.ts'

export interface WrkResult extends TurnResult {
  /** E2E latency at p50, p95 and p99. */
  readonly latencyMs: readonly number[]
}

/** The same request, and figures in a form that a program can read. */
const SCRIPT = `wrk.method = "POST"
wrk.body = [==[${BODY}]==]
${HEADERS.map(([name, value]) => `wrk.headers["${name}"] = "${value}"`).join('\n')}
done = function(summary, latency)
  local errors = summary.errors
  print(string.format("figures %d %d %d %.3f %.3f %.3f", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
`

/** Runs wrk on one thread. It is compiled: its warm-up is the upstream's. */
export async function runWrk({ url, inFlight, warmUpMs, durationMs }: Turn): Promise<WrkResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-wrk-'))
  const script = join(folder, 'request.lua')
  await writeFile(script, SCRIPT)
  const run = (milliseconds: number) => {
    const seconds = Math.max(1, Math.round(milliseconds / 1000))
    const wrk = ['wrk', '-t1', `-c${inFlight}`, `-d${seconds}s`, '-s', script, url]
    // The shell tells the CPU time of what it ran; Node tells that of its own process only.
    return runCommand('sh', ['-c', '"$@" && times', 'sh', ...wrk])
  }
  try {
    if (warmUpMs >= 1000) await run(warmUpMs)
    return readOutput(await run(durationMs))
  } finally {
    await rm(folder, { recursive: true })
  }
}

function readOutput(output: string): WrkResult {
  const figures = /^figures (.+)$/m.exec(output)?.[1]?.split(' ').map(Number) ?? []
  const [requests = Number.NaN, durationUs = Number.NaN, notOk = Number.NaN, ...latencyMs] = figures
  if (Number.isNaN(notOk)) throw new Error(`wrk printed no figures: ${output}`)
  const children = output.trim().split('\n').at(-1) ?? ''
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  )
  const cpuMs = seconds.reduce((sum, one) => sum + one, 0) * 1000
  return { ok: requests - notOk, durationMs: durationUs / 1000, cpuMs, notOk, latencyMs }
}
