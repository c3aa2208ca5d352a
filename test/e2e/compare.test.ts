import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { REPLAY_SCHEMA } from '../../src/results/replay-schema.ts'
import { runCommand } from '../helpers/run-command.ts'
import { pairsCsv, steppedPairs } from '../helpers/stepped-pairs.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function fileOf(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('one regime', () => {
  const file = fileOf('calm.csv', pairsCsv(steppedPairs({ count: 1200, added: [80, 80] })))

  test('prints overhead and paired differences, exit code 0', async () => {
    const { code, stdout, stderr } = await runCommand(['compare', '--pairs', file])
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect(stdout.match(/^## .*/gm)).toEqual([
      '## Estimated Overhead (proxy - direct)',
      '## Paired Differences (same row; quantiles of differences)',
    ])
    expect(stdout).toMatch(/^Pairs: 1200 from .*calm\.csv, in order of measurement$/m)
    expect(stdout).toContain('over 10 blocks of consecutive pairs')
    expect(stdout).toContain('No change of regime found')
  })

  test('says the same in JSON, and the same each time', async () => {
    const args = ['compare', '--pairs', file, '--rounds', '6', '--format', 'json']
    const [first, second] = [await runCommand(args), await runCommand(args)]
    expect(first.code).toBe(0)
    expect(second.stdout).toBe(first.stdout)
    const result = REPLAY_SCHEMA.parse(JSON.parse(first.stdout))
    expect(result).toMatchObject({ schema_version: 1, conclusive: true, pairs: 1200, changes: [] })
    expect(result.source).toMatchObject({ file, direct: 'direct_ms', proxy: 'proxy_ms' })
    expect(result.pooled.rounds).toBe(6)
  })
})

describe('a change of regime in 8,000 pairs, which a mean over all of them would hide', () => {
  const pairs = steppedPairs({ count: 8000, changesAt: 3388, added: [14_385, -412] })
  const csv = fileOf('step.csv', pairsCsv(pairs))
  const nested = Array.from(pairs.baseline, (direct, index) => ({
    id: `enc-${index}`,
    direct: { ok: true, latency_s: direct / 1000 },
    proxy: { ok: true, latency_s: (pairs.candidate[index] ?? 0) / 1000 },
  }))
  const json = fileOf('step.json', JSON.stringify({ run: 'a', rows: nested }))

  test('is found to the row, and nothing pooled is printed, exit code 4', async () => {
    const { code, stdout } = await runCommand(['compare', '--pairs', csv])
    expect(code).toBe(4)
    expect(stdout).toMatch(
      /^\| 3388 \| \+14[34]\d\d\.\dms \| -[34]\d\d\.\dms \| -14\d{3}\.\dms \| 0\.0001 \|$/m,
    )
    expect(stdout).toContain('A pooled mean over several regimes is no number, so n/a')
    expect(stdout.match(/^## .*/gm)).toEqual([
      '## Changes of Regime (differences of pairs, in order)',
      '## Estimated Overhead (proxy - direct), all rows',
      '## Estimated Overhead (proxy - direct), rows 1 to 3387',
      '## Estimated Overhead (proxy - direct), rows 3388 to 8000',
      '## Paired Differences (same row; quantiles of differences)',
    ])
    const [, pooled = ''] = stdout.split('## Estimated Overhead (proxy - direct), all rows')
    expect(pooled.split('##')[0]?.match(/\d+\.\dms/g)).toBeNull()
  })

  test('also in nested JSON in seconds, printed as JSON', async () => {
    const { code, stdout } = await runCommand([
      'compare',
      '--pairs',
      json,
      '--map',
      'direct=direct.latency_s,proxy=proxy.latency_s',
      '--unit',
      's',
      '--format',
      'json',
    ])
    expect(code).toBe(4)
    const result = REPLAY_SCHEMA.parse(JSON.parse(stdout))
    expect(result.conclusive).toBe(false)
    expect(result.changes?.map(({ row }) => row)).toEqual([3388])
    expect(result.pooled.delta).toEqual({})
    expect(result.regimes.map(({ delta }) => Math.round((delta['mean'] ?? 0) / 100))).toEqual([
      144, -4,
    ])
  })
})

describe('broken files are wrong usage: exit code 2, no stack, nothing on standard output', () => {
  test.each([
    ['text.csv', 'direct,proxy\n1,2\n3,fast\n', /row 2 \(line 3\) has "fast" under proxy/],
    [
      'cut.json',
      '[{"direct": 1, "proxy": 2}, {"dir',
      /is not valid JSON .*give an array of objects/,
    ],
    ['columns.tsv', 'before\tafter\n1\t2\n', /its columns are before, after/],
    ['empty.csv', '', /is empty; give a CSV file with a header, or JSON/],
    ['binary.csv', '\u0000\u0001"\u0002\n"', /--pairs .*binary\.csv /],
  ])('%s', async (name, content, message) => {
    const file = fileOf(name, content)
    const { code, stdout, stderr } = await runCommand(['compare', '--pairs', file])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr).toContain(file)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test('a file that is not there, a folder, and more rounds than pairs', async () => {
    const missing = await runCommand(['compare', '--pairs', join(folder, 'none.csv')])
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('(ENOENT)') as string,
    })
    const directory = await runCommand(['compare', '--pairs', folder])
    expect(directory).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('(EISDIR)') as string,
    })
    const two = fileOf('two.csv', 'direct,proxy\n1,2\n1,2\n')
    const rounds = await runCommand(['compare', '--pairs', two, '--rounds', '3'])
    expect(rounds.code).toBe(2)
    expect(rounds.stderr).toContain('--rounds 3 is more than the 2 pairs')
    expect((await runCommand(['compare', '--pairs', two])).code).toBe(0)
  })
})
