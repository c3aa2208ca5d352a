import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatRun } from '../../src/formats/format-run.ts'
import { savedRunOf } from '../../src/formats/saved-run.ts'
import { runCli } from '../../src/cli/run-cli.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../src/servers/simulator/start-simulator.ts'
import { RunFileWriter } from '../../src/results/run-file-writer.ts'
import { fakeIo } from '../helpers/fake-io.ts'
import { type NoisyRun, noisyRecord } from '../helpers/noisy-runs.ts'
import { runCommand } from '../helpers/run-command.ts'
import { parseXml } from '../helpers/xml.ts'

/** Runs over real sockets, saved, and what is made of them afterwards. */

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
const at = (name: string) => join(folder, name)
const servers: RunningSimulator[] = []

async function simulate(ms: number): Promise<string> {
  const simulator = await startSimulator({ ttft: { kind: 'fixed', ms } })
  servers.push(simulator)
  return `${simulator.url}/v1/chat/completions`
}

/** In this process: starting another costs more than the run. */
async function cli(...args: readonly string[]) {
  const { io, output } = fakeIo(folder)
  const code = await runCli(args, io)
  return { code, ...output }
}

let direct = ''

function measure(name: string, proxy: string, flags: readonly string[] = []) {
  return cli(
    ...['--direct-url', direct, '--proxy-url', proxy, '--model', 'm', '--no-self-warmup'],
    ...['--concurrency', '2', '--requests', '40', '--token', 'tok-saved-4711'],
    ...['--run-file', at(`${name}.run`), '--output-json', at(`${name}.json`), ...flags],
  )
}

/** Files of a run that was never measured, so that what is decided does not depend on how busy the machine is. */
async function make(name: string, run: NoisyRun): Promise<void> {
  const record = noisyRecord(run)
  const { measurements, partial, incidents: _none, ...head } = record
  const writer = await RunFileWriter.open(at(`${name}.run`), head)
  writer.endLevel(0, measurements)
  await writer.close(partial)
  writeFileSync(at(`${name}.json`), await formatRun(savedRunOf(record), 'json'))
}

const started = (day: number) => ({ startedAt: `2026-01-0${day}T00:00:00.000Z` })

beforeAll(async () => {
  await make('before', { seed: 1, given: started(1) })
  await make('again', { seed: 2, given: started(2) })
  await make('after', { seed: 3, proxyMs: 60, given: started(3) })
  direct = await simulate(1)
  const quick = await simulate(20)
  await measure('old', quick, ['--max-overhead', 'mean=1ms,p50=500ms,p99=1ms'])
  await measure('other', quick, ['--prompt', 'Another.', '--body', '{"top_p": 0.5}'])
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close(0)))
  rmSync(folder, { recursive: true })
})

describe('compare RUN RUN', () => {
  test('finds the slower proxy, by a budget too, in run files and result files alike', async () => {
    for (const kind of ['run', 'json']) {
      const files = [at(`before.${kind}`), at(`after.${kind}`)]
      const metrics = ['--metrics', 'mean,p50']
      const { code, stdout } = await cli(
        'compare',
        ...files,
        ...metrics,
        '--fail-on-regression',
        '50',
      )
      expect(code).toBe(1)
      expect(stdout).toMatch(/^ {2}mean .*\+\d+\.\d+% \(\+/m)
      expect(stdout).toContain('--fail-on-regression 50: FAIL: slower by more: mean of proxy at')
      expect(stdout).toContain('Runs were not interleaved')
    }
  })

  test('passes where a slowdown is allowed, and is open where too few requests are', async () => {
    const files = [at('before.run'), at('again.run')]
    const passed = await cli('compare', ...files, '--metrics', 'p50', '--fail-on-regression', '50%')
    expect(passed).toMatchObject({ code: 0 })
    const open = await cli('compare', ...files, '--metrics', 'p99', '--fail-on-regression', '5')
    expect(open.code).toBe(4)
    expect(open.stdout).toMatch(/INCONCLUSIVE: p99 of direct at concurrency 1 \(need >= 1000 ok/)
  })

  test('in JSON, CSV and Markdown', async () => {
    const files = [at('before.run'), at('after.json')]
    const json = await cli('compare', ...files, '--format', 'json')
    expect(JSON.parse(json.stdout)).toMatchObject({ comparison_version: 1, runs: [{}, {}] })
    const csv = await cli('compare', ...files, '--format', 'csv')
    expect(csv.stdout.split('\n')[0]).toMatch(/^endpoint,overhead_over,/)
    const markdown = await cli('compare', ...files, '--format', 'markdown')
    expect(markdown.stdout).toMatch(/^# Comparison of saved runs\n/)
  })

  test('refuses what is about different things, naming each and the way out', async () => {
    const files = [at('old.run'), at('other.run')]
    const { code, stdout, stderr } = await cli('compare', ...files)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^ {2}corpus: --prompt "Return a one-word response: OK." \(\w{8}\) in /m)
    expect(stderr).toMatch(/^ {2}shape: .*no further fields in .*, .*fields top_p \(\w{8}\) in /m)
    expect(stderr).toContain('--allow-different corpus,shape\n')
    const allowed = await cli('compare', ...files, '--allow-different', 'corpus,shape')
    expect(allowed.code).toBe(0)
    expect(allowed.stdout).toContain('corpus differs, as --allow-different permits')
    const half = await cli('compare', ...files, '--allow-different', 'corpus')
    expect(half.stderr).toContain('--allow-different corpus,shape\n')
  })

  test('endpoints and levels that have no partner', async () => {
    const file = at('alone.run')
    const flags = ['--model', 'm', '--no-self-warmup', '--requests', '4', '--concurrency', '1']
    await cli('--url', direct, ...flags, '--run-file', file)
    const { code, stderr } = await cli('compare', at('old.run'), file)
    expect(code).toBe(2)
    expect(stderr).toContain(`alone.run: target at concurrency 1\n`)
    expect(stderr).toMatch(/old\.run: direct at concurrency 2; proxy at concurrency 2\n/)
  })
})

describe('compare --history', () => {
  test('is in order of time, marks the change, and lists what is no run', async () => {
    const runs = at('history')
    mkdirSync(runs)
    // Names that are not in the order of time.
    copyFileSync(at('after.run'), join(runs, 'a.run'))
    copyFileSync(at('before.run'), join(runs, 'b.run'))
    copyFileSync(at('again.json'), join(runs, 'c.json'))
    writeFileSync(join(runs, 'notes.md'), '# notes')
    writeFileSync(join(runs, 'cut.run'), readFileSync(at('before.run')).subarray(0, 30))
    const { code, stdout } = await cli('compare', '--history', runs, '--metrics', 'p50')
    expect(code).toBe(0)
    expect(stdout).toContain('3 runs in order of their start; not read: 2 files\n')
    expect(stdout).toMatch(/^Not read: cut\.run: ends before its first sample/m)
    expect(stdout).toMatch(/^Not read: notes\.md: is neither a run file nor JSON/m)
    const [, proxy = ''] = stdout.split('p50 of proxy at concurrency 1')
    const lines = proxy.split('\n').slice(1, 4)
    expect(lines.map((line) => /\w+\.(?:run|json)/.exec(line)?.[0])).toEqual([
      'b.run',
      'c.json',
      'a.run',
    ])
    expect(lines[2]).toMatch(/ slower$/)
    const built = await cli('compare', '--history', runs, '--format', 'json')
    expect(JSON.parse(built.stdout)).toMatchObject({ history_version: 1 })
  })

  test('a folder without runs', async () => {
    const none = at('none')
    mkdirSync(none)
    expect(await cli('compare', '--history', none)).toMatchObject({ code: 2 })
    const missing = await cli('compare', '--history', at('missing'))
    expect(missing.stderr).toMatch(/--history .*missing cannot be read \(ENOENT\); give a folder/)
  })
})

describe('report --format', () => {
  test('junit, of either file', async () => {
    const { budgets } = JSON.parse(readFileSync(at('old.json'), 'utf8')) as {
      budgets: { state: string }[]
    }
    const count = (state: string) => String(budgets.filter((one) => one.state === state).length)
    const counts = { tests: '3', failures: count('FAIL'), skipped: count('INCONCLUSIVE') }
    for (const file of ['old.run', 'old.json']) {
      const { stdout } = await cli('report', at(file), '--format', 'junit')
      const [suite] = parseXml(stdout).children
      expect(suite?.attributes).toMatchObject(counts)
    }
  })

  test('parquet needs a file, and holds every request', async () => {
    const refused = await cli('report', at('old.run'), '--format', 'parquet')
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('--format parquet is no text; add --output FILE')
    const file = at('old.parquet')
    const { code } = await cli('report', at('old.run'), '--format', 'parquet', '--output', file)
    expect(code).toBe(0)
    const bytes = readFileSync(file)
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    expect(await parquetReadObjects({ file: buffer })).toHaveLength(80)
    const stored = await cli('report', at('old.json'), '--format', 'parquet', '--output', file)
    expect(stored).toMatchObject({ code: 2 })
    expect(stored.stderr).toContain('give the file of --run-file')
  })

  test('csv of samples', async () => {
    const { stdout } = await cli('report', at('old.run'), '--format', 'csv', '--samples')
    expect(stdout.trim().split('\n')).toHaveLength(81)
    const text = await cli('report', at('old.run'), '--samples')
    expect(text).toMatchObject({ code: 2, stdout: '' })
  })

  test('a probe has gates and no tables', async () => {
    const file = at('probe.json')
    const probe = ['--mode', 'probe', '--require', 'tpr.lower>=0.5', '--output-json', file]
    await cli('--url', direct, '--model', 'm', ...probe)
    const { stdout } = await cli('report', file, '--format', 'junit')
    expect(parseXml(stdout).children[0]?.attributes).toMatchObject({ tests: '1', failures: '1' })
    const refused = await cli('report', file, '--format', 'csv')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/is the result of a probe.*use one of json, .*junit/)
  })
})

test('the built command writes each format of text, without the token', async () => {
  for (const format of ['prometheus', 'github']) {
    const { code, stdout, stderr } = await runCommand(['report', at('old.run'), '--format', format])
    expect(code).toBe(0)
    expect(stdout.length).toBeGreaterThan(100)
    expect(stdout + stderr).not.toContain('tok-saved-4711')
  }
})
