import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

export interface Measured {
  readonly format: 'text' | 'html'
  readonly seconds: number
  /** Time on a core, all threads together: what a busy machine does not stretch much. Linux only. */
  readonly cpuSeconds: number
  /** The most memory that was resident at once, as the system tells it; on Linux only. */
  readonly peakMb: number
  readonly outputKb: number
}

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Runs `report` on a run file as a user would, and looks at its process from outside. */
export async function measureReport(
  run: string,
  format: Measured['format'],
  output: string,
): Promise<Measured> {
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [MAIN, 'report', run, '--format', format, '--output', output],
    { stdio: 'inherit', timeout: 120_000 },
  )
  let peakMb = 0
  let cpuSeconds = 0
  const timer = setInterval(() => {
    void look(child.pid ?? 0).then((seen) => {
      peakMb = Math.max(peakMb, seen.peakMb)
      cpuSeconds = Math.max(cpuSeconds, seen.cpuSeconds)
      return undefined
    })
  }, 20)
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(timer)
  const seconds = (performance.now() - startedAt) / 1000
  if (code !== 0) throw new Error(`report ended with ${code}`)
  return { format, seconds, cpuSeconds, peakMb, outputKb: (await stat(output)).size / 1000 }
}

/** Clock ticks a second, in which /proc counts; 100 on all Linux that Node runs on. */
const TICKS = 100

/** From /proc, which keeps the high-water mark itself; 0 when the process has ended. */
async function look(pid: number): Promise<Pick<Measured, 'peakMb' | 'cpuSeconds'>> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
  const [status, times] = await Promise.all([read('status'), read('stat')])
  const [, kilobytes = '0'] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? []
  // After the name, which may hold anything, in parentheses: utime and stime are fields 14 and 15.
  const [user = 0, system = 0] = times
    .slice(times.lastIndexOf(')'))
    .split(' ')
    .slice(12, 14)
    .map(Number)
  return { peakMb: (Number(kilobytes) * 1024) / 1e6, cpuSeconds: (user + system) / TICKS }
}
