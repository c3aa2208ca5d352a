import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { startChatbot } from '../../src/servers/chatbot/start-chatbot.ts'
import { startSimulator } from '../../src/servers/simulator/start-simulator.ts'
import { isAlive, runCommand } from '../helpers/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface ResultFile {
  readonly runs: readonly { readonly endpoint: string; readonly ok: number }[]
  readonly hops: readonly {
    readonly endpoint: string
    readonly answers: number
    readonly looked_at: number
    readonly e2e_ms: number
    readonly parts: readonly { readonly name: string; readonly mean_ms: number }[]
  }[]
}

describe('--chain', () => {
  test('measures through the app, and takes the time apart from the client to the model', async () => {
    const output = join(folder, 'chain.json')
    const { code, stdout, stderr } = await runCommand([
      ...['--chain', '--no-self-warmup', '--requests', '20', '--concurrency', '2'],
      ...['--output-json', output],
    ])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('## Hops (means; from server-timing)')
    const { runs, hops } = JSON.parse(readFileSync(output, 'utf8')) as ResultFile
    expect(runs.map(({ endpoint, ok }) => [endpoint, ok])).toEqual([
      ['direct', 20],
      ['proxy', 20],
    ])
    const [direct, proxy] = hops
    const names = (one: typeof direct) => one?.parts.map(({ name }) => name)
    expect(names(direct)).toEqual(['client to chatbot', 'chatbot', 'chatbot to model', 'model'])
    expect(names(proxy)).toEqual([
      ...['client to chatbot', 'chatbot', 'chatbot to proxy', 'proxy', 'proxy to model', 'model'],
    ])
    expect(proxy).toMatchObject({ answers: 20, looked_at: 20 })
    const sum = proxy?.parts.reduce((total, { mean_ms }) => total + mean_ms, 0) ?? Number.NaN
    expect(Math.abs(sum - (proxy?.e2e_ms ?? 0))).toBeLessThan(0.01)
    // The proxy holds each request back by 5 ms at least, and says so.
    const own = proxy?.parts.find(({ name }) => name === 'proxy')?.mean_ms
    expect(own).toBeGreaterThanOrEqual(5)
    const pids = [...stdout.matchAll(/\(pid (\d+)\)/g)].map(([, pid]) => Number(pid))
    expect(pids).toHaveLength(4)
    await expect.poll(() => pids.filter((pid) => isAlive(pid)), { timeout: 10_000 }).toEqual([])
  })

  test('excludes endpoints of your own', async () => {
    const url = 'http://127.0.0.1:9/v1/chat/completions'
    const { code, stderr } = await runCommand(['--chain', '--url', url])
    expect(code).toBe(2)
    expect(stderr).toContain(`leave ${url} out, or --chain`)
  })
})

describe('chatbot before the simulated model', () => {
  test('has a round with a tool for each question where it is told to', async () => {
    const model = await startSimulator()
    const chatbot = await startChatbot({ upstream: model.url, toolUse: 'always' })
    const ask = (content: string) =>
      fetch(`${chatbot.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }),
      })
    const answers = [await ask('one'), await ask('two')]
    const bodies = (await Promise.all(answers.map((one) => one.json()))) as {
      choices: [{ message: { content: string; tool_calls?: unknown } }]
    }[]
    for (const { choices } of bodies) {
      expect(choices[0].message.content).toMatch(/\w+/)
      expect(choices[0].message.tool_calls).toBeUndefined()
    }
    const { requests } = (await (await fetch(`${model.url}/simulator/stats`)).json()) as {
      requests: number
    }
    expect(requests).toBe(4)
    await chatbot.close(0)
    await model.close(0)
  })
})
