import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isAlive, MAIN, runCommand, startCommand } from '../helpers/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A port that is free now; what is told to use it is started at once. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}

const OURS = `${JSON.stringify(process.execPath)} ${JSON.stringify(MAIN)}`

async function managed() {
  const [model, proxy] = [await freePort(), await freePort()]
  const chat = (port: number) => `http://127.0.0.1:${port}/v1/chat/completions`
  return [
    ...['--start', `model: ${OURS} simulate --port ${model} --ttft 2ms`],
    ...['--start', `proxy: ${OURS} proxy --port ${proxy} --upstream http://127.0.0.1:${model}`],
    ...['--wait-on', `http://127.0.0.1:${model}/health`],
    ...['--wait-on', `http://127.0.0.1:${proxy}/health`],
    ...['--direct-url', chat(model), '--proxy-url', chat(proxy)],
    ...['--model', 'm', '--no-self-warmup'],
  ]
}

const pidsIn = (text: string) => [...text.matchAll(/\(pid (\d+)\)/g)].map(([, pid]) => Number(pid))

async function expectNoneAlive(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter((pid) => isAlive(pid)), { timeout: 10_000 }).toEqual([])
}

interface Servers {
  readonly servers: readonly {
    readonly name: string
    readonly concurrency: number
    readonly requests: number
    readonly cpu_ms: number
    readonly peak_rss_bytes: number
  }[]
}

describe('--start', () => {
  test('starts servers, waits for them, measures each at each level, and ends them', async () => {
    const [json, run] = [join(folder, 'run.json'), join(folder, 'run.run')]
    const { code, stdout, stderr } = await runCommand([
      ...(await managed()),
      ...[
        '--requests',
        '60',
        '--concurrency-list',
        '2,4',
        '--output-json',
        json,
        '--run-file',
        run,
      ],
    ])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('## Server Processes')
    const { servers } = JSON.parse(readFileSync(json, 'utf8')) as Servers
    expect(servers.map(({ name, concurrency, requests }) => [concurrency, name, requests])).toEqual(
      [
        [2, 'model', 120],
        [2, 'proxy', 60],
        [4, 'model', 120],
        [4, 'proxy', 60],
      ],
    )
    // A Node process that served 60 requests took some CPU, and holds megabytes.
    for (const { cpu_ms, peak_rss_bytes } of servers) {
      expect(cpu_ms).toBeGreaterThan(0)
      expect(peak_rss_bytes).toBeGreaterThan(20 * 1024 * 1024)
    }
    const table = /## Server Processes\n(?:\|.*\n)+/.exec(stdout)?.[0] ?? ''
    const again = await runCommand(['report', run])
    expect(again.stdout).toContain(table)
    expect(pidsIn(stdout)).toHaveLength(2)
    await expectNoneAlive(pidsIn(stdout))
  })

  test('ends them too when it is killed itself', async () => {
    const started = startCommand([...(await managed()), '--requests', '100000'])
    await expect.poll(() => started.output(), { timeout: 20_000 }).toContain('Running load')
    const pids = pidsIn(started.output())
    expect(pids.every((pid) => isAlive(pid))).toBe(true)
    started.child.kill('SIGKILL')
    await started.finished
    await expectNoneAlive(pids)
  })

  test('a server that ends by itself stops the run, which keeps what it has', async () => {
    const [model] = [await freePort()]
    const json = join(folder, 'died.json')
    const started = startCommand([
      ...['--start', `model: ${OURS} simulate --port ${model} --ttft 2ms`],
      ...['--wait-on', `http://127.0.0.1:${model}/health`],
      ...['--url', `http://127.0.0.1:${model}/v1/chat/completions`, '--model', 'm'],
      ...['--no-self-warmup', '--requests', '100000', '--output-json', json],
    ])
    await expect.poll(() => started.output(), { timeout: 20_000 }).toContain('Running load')
    const [pid = 0] = pidsIn(started.output())
    await new Promise((resolve) => {
      setTimeout(resolve, 500)
    })
    process.kill(-pid, 'SIGKILL')
    const { stderr } = await started.finished
    expect(stderr).toContain('model ended (')
    const { run } = JSON.parse(readFileSync(json, 'utf8')) as { run: { partial: boolean } }
    expect(run.partial).toBe(true)
  })

  test.each([
    ['nowhere: exit 3', 'nowhere ended (exit code 3)'],
    ["broken: echo 'no such model' >&2; exit 1", 'it printed last:\nno such model'],
  ])(
    'a server that does not start is an error that says what it printed: %s',
    async (start, told) => {
      const { code, stderr } = await runCommand([
        ...['--start', start, '--wait-on', 'http://127.0.0.1:9/health'],
        ...['--url', 'http://127.0.0.1:9/v1/chat/completions', '--model', 'm'],
      ])
      expect(code).toBe(2)
      expect(stderr).toContain(told)
      expect(stderr).toContain('a server of --start ended before it was ready')
    },
  )

  test('a server that is never ready is an error that names the flag, and is ended', async () => {
    const { code, stdout, stderr } = await runCommand([
      ...['--start', 'sleeper: sleep 300 & wait', '--wait-on', 'http://127.0.0.1:9/health'],
      ...['--wait-seconds', '0.5', '--url', 'http://127.0.0.1:9/v1/chat/completions'],
      ...['--model', 'm'],
    ])
    expect(code).toBe(2)
    expect(stderr).toContain(
      '--wait-on http://127.0.0.1:9/health was not ready after 0.5 s (ECONNREFUSED)',
    )
    await expectNoneAlive(pidsIn(stdout))
  })

  test('a name without a command is an error, and the command is not repeated', async () => {
    const { code, stderr } = await runCommand(['--start', 'KEY=secret-0815 server', '--model', 'm'])
    expect(code).toBe(2)
    expect(stderr).toContain('--start')
    expect(stderr).not.toContain('secret-0815')
  })
})
