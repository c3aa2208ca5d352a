import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runCommand, startCommand } from '../helpers/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function listening(args: readonly string[]) {
  const started = startCommand(args)
  await expect.poll(() => started.output(), { timeout: 10_000 }).toContain('listening on ')
  const url = /listening on (\S+)/.exec(started.output())?.[1] ?? ''
  return { ...started, url }
}

describe('simulate and proxy', () => {
  test('run as processes of their own, work together, and stop in order on SIGTERM and at the end of input', async () => {
    const simulator = await listening(['simulate', '--port', '0', '--ttft', '5ms'])
    const proxy = await listening([
      'proxy',
      '--port',
      '0',
      '--upstream',
      simulator.url,
      '--inject-delay',
      '10ms',
      '--stop-with-parent',
    ])
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
    const response = await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body })
    expect(response.status).toBe(200)
    expect(response.headers.get('server-timing')).toMatch(/injected;dur=\d{2,}\.\d{3}/)
    proxy.child.stdin?.end()
    expect((await proxy.finished).code).toBe(0)
    simulator.child.kill('SIGTERM')
    expect((await simulator.finished).code).toBe(0)
  })

  test('a trace file gives the service times', async () => {
    const file = join(folder, 'trace.txt')
    writeFileSync(file, '# ms\n30\n')
    const simulator = await listening([
      'simulate',
      '--port',
      '0',
      '--ttft',
      `trace:${file}`,
      '--slowdown',
      '0',
    ])
    const { stdout } = await runCommand([
      '--url',
      `${simulator.url}/v1/chat/completions`,
      '--model',
      'm',
      '--requests',
      '4',
      '--concurrency',
      '1',
      '--no-self-warmup',
    ])
    simulator.child.kill('SIGTERM')
    await simulator.finished
    expect(
      Number(/\| target \| 1 \| 4 \| 4 \| 0 \| \S+ \| ([\d.]+)ms/.exec(stdout)?.[1]),
    ).toBeGreaterThanOrEqual(30)
  })

  test.each([
    [['simulate', '--ttft', 'soon'], /--ttft: "soon" is not a latency/],
    [['simulate', '--ttft', 'trace:/none'], /--ttft trace:\/none: ENOENT/],
    [['simulate', '--faults', 'reset=9'], /--faults: "reset=9"/],
    [['simulate', '--fault-schedule', 'x'], /--fault-schedule: "x"/],
    [['simulate', '--drift', 'up'], /--drift: "up" is not a drift/],
    [['proxy', '--upstream', 'http://127.0.0.1:1', '--inject-delay', 'x'], /--inject-delay: "x"/],
  ])('%j is wrong usage', async (args, message) => {
    const { code, stderr } = await runCommand(args)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  test('a port that is taken is wrong usage', async () => {
    const simulator = await listening(['simulate', '--port', '0'])
    const { port } = new URL(simulator.url)
    const { code, stderr } = await runCommand(['simulate', '--port', port])
    simulator.child.kill('SIGTERM')
    await simulator.finished
    expect(code).toBe(2)
    expect(stderr).toContain(`--port ${port} cannot be listened on (EADDRINUSE)`)
  })
})
