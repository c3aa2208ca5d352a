import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isAlive, runCommand, startCommand } from '../helpers/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

function pidsIn(output: string): number[] {
  return [...output.matchAll(/\(pid (\d+)\)/g)].map(([, pid]) => Number(pid))
}

async function startDemo(name: string) {
  const started = startCommand([
    'demo',
    '--no-self-warmup',
    '--requests',
    '4000',
    '--concurrency-list',
    '2',
    '--output-dir',
    join(folder, name),
  ])
  await expect.poll(() => pidsIn(started.output()), { timeout: 15_000 }).toHaveLength(2)
  return { ...started, pids: pidsIn(started.output()) }
}

async function expectNoneAlive(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter((pid) => isAlive(pid)), { timeout: 10_000 }).toEqual([])
}

describe('demo', () => {
  test('sweeps, compares with what was injected, says where the files are, leaves no process', async () => {
    const output = join(folder, 'whole')
    const args = [
      'demo',
      '--no-self-warmup',
      '--requests',
      '40',
      '--inject-delay',
      '20ms',
      '--ttft',
      '5ms',
      '--output-dir',
      output,
    ]
    const { code, stdout } = await runCommand(args)
    expect(code).toBe(0)
    for (const level of [1, 2, 5, 10, 20])
      expect(stdout).toContain(`## Results (concurrency=${level})`)
    expect(stdout).toContain('## Sweep Results')
    expect(stdout).toMatch(/## Injected and Measured\n.*\n.*\n\| 1 \| 20\.0ms \| \+\d+\.\dms \|/)
    const files = /Files: (\S+), (\S+), (\S+)/.exec(stdout)?.slice(1) ?? []
    expect(files).toHaveLength(3)
    expect(files.every((file) => existsSync(file))).toBe(true)
    expect(readFileSync(files[1] ?? '', 'utf8')).toContain('## Sweep Results')
    expect(readFileSync(files[2] ?? '', 'utf8')).toMatch(/<h1>\s*proxy (?:adds|differs)/)
    await expectNoneAlive(pidsIn(stdout))
  })

  test('after Ctrl-C it leaves partial results and no process', async () => {
    const { child, pids, finished } = await startDemo('interrupted')
    await new Promise((resolve) => {
      setTimeout(resolve, 500)
    })
    child.kill('SIGINT')
    const { code } = await finished
    expect(code).toBe(130)
    const result = JSON.parse(readFileSync(join(folder, 'interrupted/result.json'), 'utf8')) as {
      run: { partial: boolean }
    }
    expect(result.run.partial).toBe(true)
    await expectNoneAlive(pids)
  })

  test.each([0, 1])(
    'when child %i crashes it says so, exits with 3 and leaves no process',
    async (which) => {
      const { pids, finished } = await startDemo(`crash-${which}`)
      process.kill(pids[which] ?? 0, 'SIGKILL')
      const { code, stderr } = await finished
      expect(code).toBe(3)
      expect(stderr).toMatch(
        which === 0
          ? /the simulate process ended \(SIGKILL\)/
          : /the proxy process ended \(SIGKILL\)/,
      )
      await expectNoneAlive(pids)
    },
  )

  test('killed itself, its servers end too', async () => {
    const { child, pids, finished } = await startDemo('killed')
    child.kill('SIGKILL')
    await finished
    await expectNoneAlive(pids)
  })
})
