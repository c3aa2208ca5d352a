import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ResultFile } from '../../src/results/result-schema.ts'
import { type ChatServer, completion, startChatServer } from '../helpers/chat-server.ts'
import { runCommand } from '../helpers/run-command.ts'

/** Load mode against a proxy that blocks at once what the model takes 20 ms to answer. */

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
const dataset = join(folder, 'prompts.json')
const servers: ChatServer[] = []

const ENFORCED = JSON.stringify({
  error: { message: 'Blocked', type: 'security_enforcement_blocked', findings: [] },
})

function answer(_: IncomingMessage, response: ServerResponse): void {
  setTimeout(() => response.writeHead(200).end(completion()), 20)
}

function guard(request: IncomingMessage, response: ServerResponse, body: string): void {
  const [, how] = /attack-(\w+)/.exec(body) ?? []
  if (how === 'status') response.writeHead(403).end(ENFORCED)
  else if (how === 'field') response.writeHead(200).end('{"blocked":true}')
  else if (how === 'bare') response.writeHead(403).end('no')
  else if (how === 'header') response.writeHead(200, { 'x-guard': 'no' }).end(completion())
  else answer(request, response)
}

let direct = ''
let proxy = ''

beforeAll(async () => {
  const kinds = ['status', 'field', 'bare', 'header']
  const rows = Array.from({ length: 40 }, (_, index) => {
    const attack = index % 2 === 1
    const text = attack ? `attack-${kinds[(index >> 1) % 4]} ${index}` : `hello ${index}`
    return { id: `case-${index}`, text, label: attack ? 'malicious' : 'benign', category: 'c' }
  })
  writeFileSync(dataset, JSON.stringify(rows))
  servers.push(await startChatServer(answer), await startChatServer(guard))
  direct = servers[0]?.url ?? ''
  proxy = servers[1]?.url ?? ''
})

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()))
  rmSync(folder, { recursive: true })
})

interface Ran {
  readonly stdout: string
  readonly code: number | null
  readonly result: ResultFile
}

async function load(flags: readonly string[], targets?: readonly string[]): Promise<Ran> {
  const output = join(folder, `result-${Math.abs(flags.join().length)}.json`)
  const both = ['--direct-url', direct, '--proxy-url', proxy]
  const given = ['--model', 'm', '--dataset-file', dataset, '--output-json', output]
  const args = [...(targets ?? both), ...given, '--no-self-warmup', ...flags]
  const { stdout, code } = await runCommand(args)
  return { stdout, code, result: JSON.parse(readFileSync(output, 'utf8')) as ResultFile }
}

const SIZE = ['--requests', '160', '--concurrency', '4']

describe('a proxy that blocks three attacks of four', () => {
  test('blocks are counted by evidence, and the overhead is of what both sides answered', async () => {
    const file = join(folder, 'blocks.run')
    const { stdout, result } = await load([...SIZE, '--run-file', file])
    const [plain, guarded] = result.runs
    expect(plain).toMatchObject({ ok: 160, allowed: 160, blocked: 0, undecided: 0 })
    // The specification's own counts: 40 are 403, of which a 200 that blocks is none.
    expect(guarded).toMatchObject({ requests: 160, ok: 120, errors: 40 })
    expect(guarded).toMatchObject({ allowed: 100, blocked: 60, blocked_ok: 20, undecided: 0 })
    expect(guarded?.errors_not_blocked).toBe(0)
    expect(guarded?.blocked_by_rule).toEqual({
      'llmtrace/enforcement': 20,
      'specification/blocked': 20,
      // The model answered it, so the bare status is the proxy's.
      'differential/refused': 20,
    })
    expect(guarded?.blocked_by_label).toMatchObject({
      benign: { blocked: 0, decided: 80, prompts: 20 },
      malicious: { blocked: 60, decided: 80, prompts: 20, rate: 0.75 },
    })
    const [overhead] = result.overhead
    expect(overhead).toMatchObject({ pairs_blocked: 60, pairs_left_out: 0, paired: { pairs: 100 } })
    // Three in eight answers come at once: with them the mean would be some 7 ms below that of direct.
    const before = plain?.metrics['mean'] ?? 0
    const naive = (guarded?.latencies_ms_ok ?? []).reduce((sum, ms) => sum + ms, 0) / 120
    expect(naive / before).toBeLessThan(0.97)
    expect(overhead?.candidate_values?.['p50']).toBeGreaterThan(19)
    expect(guarded?.time_to_block_ms?.['p50']).toBeLessThan(guarded?.allowed_ms?.['p50'] ?? 0)
    expect(result.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['blocks', 'blocks-among-ok']),
    )
    expect(stdout).toContain('60 pairs are left out because a side was blocked')
    expect(stdout).toContain('## Blocked (latencies apart)')
    expect(stdout).toContain('## Blocked by Label')

    // The saved run says the same again.
    const again = await runCommand(['report', file])
    const tables = stdout.slice(stdout.indexOf('## Sweep'), stdout.indexOf('Run file:'))
    expect(again.stdout).toContain(tables)
    const json = await runCommand(['report', file, '--format', 'json'])
    expect((JSON.parse(json.stdout) as ResultFile).runs).toEqual(result.runs)
  })

  test('a rule of the user knows the fourth; client workers judge as one thread does', async () => {
    const { result } = await load([
      ...SIZE,
      '--client-workers',
      '2',
      '--blocked-when',
      'header:x-guard=no',
    ])
    expect(result.runs[1]).toMatchObject({ allowed: 80, blocked: 80, ok: 120 })
    expect(result.runs[1]?.blocked_by_rule).toMatchObject({ 'user/header:x-guard=no': 20 })
    expect(result.overhead[0]).toMatchObject({ pairs_blocked: 80, paired: { pairs: 80 } })
  })

  test('--no-verdicts says nothing of blocks', async () => {
    const { result, stdout } = await load([...SIZE, '--no-verdicts'])
    expect(result.runs[1]?.blocked).toBeUndefined()
    expect(result.overhead[0]).toMatchObject({ pairs_blocked: 0, pairs_left_out: 40 })
    expect(stdout).not.toContain('## Blocked')
  })

  test('alone, a bare 403 stays an error, and attacks alone are no failed run', async () => {
    const one = ['--url', proxy]
    const { result, code } = await load([...SIZE, '--dataset-label', 'malicious'], one)
    expect(result.runs[0]).toMatchObject({ allowed: 40, blocked: 80, errors_not_blocked: 40 })
    expect(code).toBe(0)
    const budget = ['--max-error-rate', '50%', '--order', 'sequential']
    const { result: judged } = await load([...SIZE, ...budget], one)
    expect(judged.budgets[0]).toMatchObject({ value: 0.166667 })
  })
})
