import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isInstalled } from '../../bench/client/command.ts'
import { ROOT } from '../helpers/run-command.ts'

interface Row {
  readonly client: string
  readonly server?: string
  readonly inFlight: number
  readonly rps?: number
  readonly notOk?: number
  readonly toWrk?: number
  readonly differenceOfQuantilesMs?: readonly number[]
}

interface Result {
  readonly upstream: string
  readonly wrongCounts: readonly string[]
  readonly skipped: readonly { readonly client: string; readonly reason: string }[]
  readonly throughput: readonly Row[]
  readonly bias: readonly Row[]
  readonly memory: { readonly requests: number; readonly at: readonly { readonly mb: number }[] }
  readonly help: { readonly helpMs: number; readonly nodeMs: number }
  readonly goals: readonly { readonly name: string; readonly reached?: boolean }[]
}

const hasWrk = await isInstalled('wrk')
const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

function runBench(output: string): Promise<{ code: number | null; stdout: string }> {
  const args = ['--import', 'tsx', 'bench/client.ts', '--quick', '--output', output]
  const child = spawn(process.execPath, args, { cwd: ROOT, timeout: 110_000 })
  let stdout = ''
  child.stdout.on('data', (piece: Buffer) => {
    stdout += piece.toString()
  })
  child.stderr.on('data', (piece: Buffer) => {
    stdout += piece.toString()
  })
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stdout }))
  })
}

// Counts and shape only: in so short a run, and beside other work, the timings say nothing.
describe('the client benchmark, quick', () => {
  let code: number | null
  let stdout: string
  let result: Result
  beforeAll(async () => {
    const output = join(folder, 'client.json')
    ;({ code, stdout } = await runBench(output))
    result = JSON.parse(readFileSync(output, 'utf8')) as Result
  }, 120_000)

  test('no client lost a request', () => {
    expect(stdout).not.toContain('Wrong count')
    expect(result.wrongCounts).toEqual([])
    expect(code).toBe(0)
  })

  test('throughput of our clients and of the peers that npm brings', () => {
    for (const client of ['autocannon', 'dispatch', 'undici', 'lean']) {
      const row = result.throughput.find((one) => one.client === client)
      expect(row).toMatchObject({ inFlight: 10, notOk: 0 })
      expect(row?.rps).toBeGreaterThan(0)
    }
  })

  test.skipIf(!hasWrk)('throughput and latency of wrk', () => {
    expect(result.skipped).toEqual([])
    expect(result.throughput.find(({ client }) => client === 'lean')?.toWrk).toBeGreaterThan(0)
    expect(result.bias.filter(({ client }) => client === 'wrk')).toHaveLength(2)
  })

  test('bias against both servers, memory, start, and a verdict on each goal', () => {
    for (const server of ['clock server', 'simulator']) {
      for (const client of ['lean', 'undici']) {
        const row = result.bias.find((one) => one.server === server && one.client === client)
        expect(row?.differenceOfQuantilesMs).toHaveLength(3)
      }
    }
    expect(result.memory.at).toHaveLength(3)
    expect(result.help.helpMs).toBeGreaterThan(0)
    expect(result.goals.length).toBeGreaterThanOrEqual(9)
    for (const { name } of result.goals) expect(stdout).toContain(name)
  })
})
