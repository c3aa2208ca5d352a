// Builds the run file of a million requests with the writer that runs use, and reports it as a page, in a process of
// its own: time, peak memory and the size of the page. A figure never fails it.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measureReport } from './report/measure.ts'
import { writeSyntheticRun } from './report/synthetic-run.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    output: { type: 'string', default: 'bench/results/report.json' },
  },
})
const REQUESTS = Number(values.requests)
const GOALS = { seconds: 5, peakMb: 500, pageKb: 500 }

const folder = await mkdtemp(join(tmpdir(), 'llmtrace-bench-report-'))
try {
  const run = join(folder, 'synthetic.run')
  await writeSyntheticRun(run, REQUESTS)
  const runFileMb = (await readFile(run)).length / 1e6
  const results = []
  for (let round = 0; round < Number(values.rounds); round += 1) {
    // The text report reads and computes the same: what the page costs is the difference.
    for (const format of ['text', 'html'] as const) {
      const measured = await measureReport(run, format, join(folder, `page.${format}`))
      results.push(measured)
      process.stdout.write(
        `${format}: ${measured.seconds.toFixed(2)} s (${measured.cpuSeconds.toFixed(2)} s on a core), ${measured.peakMb.toFixed(0)} MB peak, ${measured.outputKb.toFixed(0)} kB\n`,
      )
    }
  }
  const pages = results.filter(({ format }) => format === 'html')
  const worst = {
    seconds: Math.max(...pages.map(({ seconds }) => seconds)),
    cpuSeconds: Math.max(...pages.map(({ cpuSeconds }) => cpuSeconds)),
    peakMb: Math.max(...pages.map(({ peakMb }) => peakMb)),
    pageKb: Math.max(...pages.map(({ outputKb }) => outputKb)),
  }
  process.stdout.write(
    `Page of ${REQUESTS} requests (${runFileMb.toFixed(0)} MB run file), worst: ${worst.seconds.toFixed(2)} s (goal ${GOALS.seconds}, ${worst.cpuSeconds.toFixed(2)} s on a core), ${worst.peakMb.toFixed(0)} MB (goal ${GOALS.peakMb}), ${worst.pageKb.toFixed(0)} kB (goal ${GOALS.pageKb})\n`,
  )
  const output = resolve(values.output)
  await mkdir(dirname(output), { recursive: true })
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    load: loadavg(),
  }
  await writeFile(
    output,
    `${JSON.stringify({ machine, requests: REQUESTS, runFileMb, goals: GOALS, worst, results }, undefined, 1)}\n`,
  )
} finally {
  await rm(folder, { recursive: true })
}
