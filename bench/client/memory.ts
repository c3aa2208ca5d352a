import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createRecorder } from '../../src/engine/recorder.ts'
import { runCommand } from './command.ts'
import type { Settings } from './settings.ts'
import type { Upstream } from './upstream.ts'
import { PATH } from './workload.ts'

export interface Memory {
  readonly requests: number
  /** Resident memory of the process in MB when this share of the requests had been answered. */
  readonly at: readonly { readonly share: number; readonly mb: number }[]
  /** The most seen, also while the result was computed and printed. */
  readonly peakMb: number
  /** What each request has to leave behind: its row of raw values. */
  readonly rowBytes: number
  readonly wrongCounts: readonly string[]
}

const SHARES = [0.1, 0.5, 1]
const LIMIT_MS = 300_000
const IN_FLIGHT = 10

/** Runs the command line itself, as a user would, and looks at its process from outside. */
export async function measureMemory(settings: Settings, upstream: Upstream): Promise<Memory> {
  const { memoryRequests: requests } = settings
  const before = await upstream.countRequests()
  const watch = { done: 0, at: [] as { share: number; mb: number }[], peakMb: 0 }
  const output = await runLoad(upstream, requests, (pid, done) =>
    sample(watch, pid, done / requests),
  )
  const counted = (await upstream.countRequests()) - before
  // | target | 10 | requests | ok | errors | ...
  const [, answered, ok] = /\| target \| \d+ \| (\d+) \| (\d+) \|/.exec(output) ?? []
  // Beside those that count there is one uncounted wave.
  const expected = requests + IN_FLIGHT
  const wrongCounts =
    Number(ok) === requests && counted === expected
      ? []
      : [`${requests} requests: ${ok} of ${answered} ok; sent ${expected}, counted ${counted}`]
  return { requests, at: watch.at, peakMb: watch.peakMb, rowBytes: rowBytes(), wrongCounts }
}

function rowBytes(): number {
  const columns = Object.values(createRecorder(1).columns())
  return columns.reduce(
    (sum, column) => sum + (ArrayBuffer.isView(column) ? column.buffer.byteLength : 0),
    0,
  )
}

async function sample(
  watch: { at: { share: number; mb: number }[]; peakMb: number },
  pid: number,
  share: number,
): Promise<void> {
  const mb = await residentMb(pid).catch(() => undefined)
  // It has ended.
  if (mb === undefined) return
  watch.peakMb = Math.max(watch.peakMb, mb)
  const due = SHARES[watch.at.length]
  if (due !== undefined && share >= due) watch.at.push({ share: due, mb })
}

/** From /proc, because starting ps ten times a second would load a small machine. */
async function residentMb(pid: number): Promise<number | undefined> {
  const kilobytes =
    process.platform === 'linux'
      ? /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
      : await runCommand('ps', ['-o', 'rss=', '-p', String(pid)])
  return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6
}

/** Resolves with what the run printed; `onSample` is called at each progress line and ten times a second. */
function runLoad(
  upstream: Upstream,
  requests: number,
  onSample: (pid: number, done: number) => Promise<void>,
): Promise<string> {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
  const args = ['--url', `${upstream.origin}${PATH}`, '--model', 'bench', '--client', 'lean']
  const load = ['--requests', String(requests), '--concurrency', String(IN_FLIGHT)]
  const progress = ['--progress-every', String(requests / 20)]
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args, ...load, ...progress], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    })
    let output = ''
    let done = 0
    const look = () => void onSample(child.pid ?? 0, done)
    const timer = setInterval(look, 100)
    child.stdout.on('data', (piece: Buffer) => {
      output += piece.toString()
    })
    child.stderr.on('data', (piece: Buffer) => {
      output += piece.toString()
      const lines = [...piece.toString().matchAll(/: (\d+)\/\d+,/g)]
      done = Math.max(done, ...lines.map(([, count]) => Number(count)))
      look()
    })
    child.once('error', reject)
    child.once('close', () => {
      clearInterval(timer)
      resolve(output)
    })
  })
}
