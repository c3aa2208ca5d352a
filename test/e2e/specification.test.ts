import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/options/commands.ts'
import type { OptionRow } from '../../src/options/option-row.ts'
import { isRepeated } from '../../src/options/read-options.ts'
import { type RunningProxy, startProxy } from '../../src/servers/proxy/start-proxy.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../src/servers/simulator/start-simulator.ts'
import { runCommand } from '../helpers/run-command.ts'
import { SPECIFICATION_EXAMPLES, SPECIFICATION_FLAGS } from '../helpers/specification.ts'

const REQUESTS = 20
const LEVELS = [1, 2, 5, 10, 20]

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
let simulator: RunningSimulator
let proxy: RunningProxy

beforeAll(async () => {
  simulator = await startSimulator({ ttft: { kind: 'fixed', ms: 1 } })
  proxy = await startProxy({ upstream: simulator.url })
  const datasets = join(folder, 'benchmarks/datasets')
  mkdirSync(join(datasets, 'external'), { recursive: true })
  const row = (id: string, label: string, subcategory: string) => ({
    id,
    text: `text of ${id}`,
    label,
    category: 'c',
    subcategory,
  })
  writeFileSync(
    join(datasets, 'core.json'),
    JSON.stringify([
      row('core-1', 'benign', 'chat'),
      row('core-2', 'malicious', 'role_injection'),
      row('core-3', 'malicious', 'Role_Injection_nested'),
      row('core-4', 'malicious', 'system_override'),
    ]),
  )
  writeFileSync(
    join(datasets, 'external/other.json'),
    JSON.stringify([row('external-1', 'malicious', 'jailbreak')]),
  )
})
afterAll(async () => {
  await proxy.close(0)
  await simulator.close(0)
  rmSync(folder, { recursive: true })
})

interface Arrived {
  readonly caseId?: string
  readonly agentId?: string
}

/** Runs an example, its addresses and its number of requests replaced, beside a dataset folder. */
async function runExample(name: string) {
  const line = (SPECIFICATION_EXAMPLES[name] ?? '')
    .replaceAll('http://192.168.1.107:8081', proxy.url)
    .replaceAll('http://192.168.1.107:8082', simulator.url)
    .replace(/--requests \d+/, `--requests ${REQUESTS}`)
    .replace(/--progress-every \d+/, '--progress-every 10')
  await fetch(`${simulator.url}/simulator/log`, { method: 'DELETE' })
  const finished = await runCommand(line.split(' '), { cwd: folder })
  const log = await (await fetch(`${simulator.url}/simulator/log?limit=100000`)).json()
  const { entries } = log as { entries: Arrived[] }
  const cases = [...new Set(entries.map(({ caseId = '' }) => caseId))].toSorted()
  return { ...finished, entries, cases }
}

const row = (endpoint: string, level: number) =>
  new RegExp(String.raw`^\| ${endpoint} \| ${level} \| ${REQUESTS} \| ${REQUESTS} \| 0 \|`, 'm')

const comparedTitles = [
  ...LEVELS.flatMap((level) => [
    `## Results (concurrency=${level})`,
    '## Estimated Overhead (proxy - direct)',
  ]),
  '## Sweep Results',
  '## Paired Differences (same prompt; quantiles of differences)',
]

describe('examples of the specification', () => {
  test('proxy only', async () => {
    const { code, stdout, entries, cases } = await runExample('proxy only')
    expect(code).toBe(0)
    expect(stdout.match(/^## .*/gm)).toEqual(['## Results'])
    expect(stdout).toMatch(row('target', 3))
    expect(stdout).toContain('Token present: True')
    expect(cases).toEqual(['core-1', 'core-2', 'core-3', 'core-4'])
    expect(new Set(entries.map(({ agentId }) => agentId))).toEqual(new Set(['laptop-test-user']))
  })

  test('sweep', async () => {
    const { code, stdout, cases } = await runExample('sweep')
    expect(code).toBe(0)
    expect(stdout.match(/^## .*/gm)).toEqual(comparedTitles)
    for (const level of LEVELS) {
      expect(stdout).toMatch(row('direct', level))
      expect(stdout).toMatch(row('proxy', level))
    }
    expect(cases).not.toContain('external-1')
  })

  test('role injection', async () => {
    const { code, stdout, cases } = await runExample('role injection')
    expect(code).toBe(0)
    expect(stdout).toMatch(row('target', 10))
    expect(stdout).toContain('Prompts: 2 of 4 from suite core')
    expect(cases).toEqual(['core-2', 'core-3'])
  })

  test('progress', async () => {
    const { code, stdout, stderr, cases } = await runExample('progress')
    expect(code).toBe(0)
    expect(stdout.match(/^## .*/gm)).toEqual(comparedTitles)
    for (const level of LEVELS) {
      expect(stderr).toContain(`proxy at concurrency ${level}: 10/${REQUESTS}`)
      expect(stderr).toContain(`proxy at concurrency ${level}: ${REQUESTS}/${REQUESTS}`)
    }
    expect(cases).toContain('external-1')
  })

  test('probe', async () => {
    const { code, stdout, cases } = await runExample('probe')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Running probe against: http/)
    expect(stdout).toContain('Agent ID: laptop-test-user\nToken present: True\nWorkers: 8\n')
    expect(stdout).toContain(
      'Case                     Try  HTTP   Blocked?  Expected  Latency(ms)  Prompt                     Preview\n',
    )
    expect(stdout).toMatch(/^core-2 {19}1 {4}200 {4}False {5}block /m)
    // Each attempt has a name of its own, which begins with the case's.
    const names = cases.map((one) => one?.split(';')[0])
    expect(names).toEqual(['core-1', 'core-2', 'core-3', 'core-4', 'external-1'])
  })

  test('all are run', () => {
    const run = ['proxy only', 'sweep', 'role injection', 'progress', 'probe']
    expect(Object.keys(SPECIFICATION_EXAMPLES).toSorted()).toEqual(run.toSorted())
  })
})

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ')

/** What help has to say of an option, on one line. */
function entryOf(option: object): string {
  if (isRepeated(option)) return `--${option.flag} ${option.each.placeholder} ${option.help}`
  const { flag, kind, default: fallback, env, help } = option as OptionRow<unknown>
  const shown = fallback == null || kind.placeholder === '' ? '' : kind.print(fallback)
  const notes = [
    ...(shown === '' ? [] : [`default: ${shown}`]),
    ...(env === undefined ? [] : [`env: ${env}`]),
  ]
  const parts = [
    `--${flag}`,
    kind.placeholder,
    help,
    notes.length > 0 ? `(${notes.join(', ')})` : '',
  ]
  return oneLine(parts.join(' ')).trim()
}

describe('--help', () => {
  test.each(COMMANDS)(
    'of the command "$name" names every flag with its default',
    async (command) => {
      const args = [...(command.name === '' ? [] : [command.name]), '--help']
      const { code, stdout, stderr } = await runCommand(args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const entries = Object.values(command.table).map((option) => entryOf(option))
      expect(entries.filter((entry) => !oneLine(stdout).includes(entry))).toEqual([])
    },
  )

  test('has the defaults of the specification', async () => {
    const text = oneLine((await runCommand(['--help'])).stdout)
    for (const [flag, value] of Object.entries(SPECIFICATION_FLAGS)) {
      const [, entry = ''] =
        new RegExp(String.raw` --${flag} (.*?)(?= --[a-z-]+ [<A-Z]|$)`).exec(text) ?? []
      const [, shown] = /\(default: ([^)]*?)(?:, env: \w+)?\)/.exec(entry) ?? []
      expect(entry).not.toBe('')
      expect([flag, shown]).toEqual([flag, value])
    }
  })
})
