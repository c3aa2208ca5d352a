import { afterEach, describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { runBenchmark } from '../../src/library/run-benchmark.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import { RUN_OPTIONS } from '../../src/options/run-options.ts'
import { completion, startChatServer } from '../helpers/chat-server.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function startModel(answer: Parameters<typeof startChatServer>[0]) {
  const server = await startChatServer(answer)
  cleanups.push(() => server.close())
  return server.url
}

const blocked = JSON.stringify({ error: { type: 'security_enforcement_blocked', message: 'no' } })

describe('runBenchmark', () => {
  test('measures two endpoints, and keeps secrets to itself', async () => {
    const seen: { authorization: string | undefined; body: string }[] = []
    const direct = await startModel((_, response) => response.end(completion()))
    const proxy = await startModel((request, response, body) => {
      seen.push({ authorization: request.headers.authorization, body })
      response.end(completion())
    })
    const levels: string[] = []
    const { record, result } = await runBenchmark({
      endpoints: [
        { name: 'direct', url: direct },
        {
          name: 'proxy',
          url: proxy,
          token: 'tok-secret-0815',
          headers: [['x-team', 'blue-secret']],
        },
      ],
      model: 'm',
      prompts: ['one', { id: 'two', text: 'two', label: 'benign' }],
      levels: [{ concurrency: 2 }, { concurrency: 3 }],
      requests: 60,
      selfWarmupMs: 0,
      body: { top_p: 0.5 },
      onLevel: ({ summaries }, { concurrency }) =>
        levels.push(`${concurrency}: ${summaries.length}`),
    })
    expect(levels).toEqual(['2: 2', '3: 2'])
    expect(result.summaries.map(({ endpoint, ok }) => [endpoint, ok])).toEqual([
      ['direct', 60],
      ['proxy', 60],
      ['direct', 60],
      ['proxy', 60],
    ])
    expect(result.overheads).toHaveLength(2)
    expect(
      result.overheads[0]?.rows.find(({ metric }) => metric === 'p50')?.interval.value,
    ).toBeDefined()
    expect(seen[0]?.authorization).toBe('Bearer tok-secret-0815')
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      top_p: 0.5,
      max_tokens: 16,
      temperature: 0,
    })
    expect(JSON.stringify({ record, result })).not.toMatch(/tok-secret-0815|blue-secret/)
    // The record is all that the result is made from.
    expect(analyse(record)).toEqual(result)
  })

  test('tells blocks from answers, unless told not to', async () => {
    const url = await startModel((_, response) => response.writeHead(403).end(blocked))
    const options = {
      endpoints: [{ name: 'proxy', url }],
      model: 'm',
      requests: 10,
      selfWarmupMs: 0,
    }
    const judged = await runBenchmark(options)
    expect(judged.result.summaries[0]?.blocks?.blocked).toBe(10)
    const plain = await runBenchmark({ ...options, verdicts: false })
    expect(plain.result.summaries[0]?.blocks).toBeUndefined()
    expect(plain.result.summaries[0]?.errors).toBe(10)
  })

  test('has the defaults of the command', async () => {
    const bodies: unknown[] = []
    const url = await startModel((_, response, body) => {
      bodies.push(JSON.parse(body))
      response.end(completion())
    })
    const { record } = await runBenchmark({
      endpoints: [{ name: 'target', url }],
      model: 'm',
      selfWarmupMs: 0,
    })
    const { system, prompt, temperature, maxTokens } = RUN_OPTIONS
    expect(record.spec).toEqual({
      model: 'm',
      system: system.default,
      prompt: prompt.default,
      temperature: temperature.default,
      maxTokens: maxTokens.default,
    })
    expect(record.plan).toMatchObject({
      requests: RUN_OPTIONS.requests.default,
      levels: [{ concurrency: RUN_OPTIONS.concurrency.default }],
      order: RUN_OPTIONS.order.default,
      arrival: RUN_OPTIONS.arrival.default,
      seed: RUN_OPTIONS.seed.default,
    })
    expect(bodies[0]).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: system.default },
        { role: 'user', content: prompt.default },
      ],
      temperature: 0,
      max_tokens: 16,
    })
  })

  test('ends early with what there is, and two runs at once do not know each other', async () => {
    const url = await startModel((_, response) => response.end(completion()))
    const stop = new AbortController()
    const endpoints = [{ name: 'target', url }]
    const common = { endpoints, model: 'm', selfWarmupMs: 0, levels: [{ concurrency: 1 }] }
    const [stopped, whole] = await Promise.all([
      runBenchmark({
        ...common,
        requests: 100_000,
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done === 20) stop.abort()
        },
      }),
      runBenchmark({ ...common, requests: 30 }),
    ])
    expect(stopped.record.partial).toBe(true)
    expect(stopped.result.summaries[0]?.ok).toBeGreaterThanOrEqual(20)
    expect(whole.record.partial).toBe(false)
    expect(whole.result.summaries[0]?.ok).toBe(30)
  })

  test('a dead endpoint is data', async () => {
    const { result } = await runBenchmark({
      endpoints: [{ name: 'dead', url: 'http://127.0.0.1:9/v1/chat/completions' }],
      model: 'm',
      requests: 4,
      selfWarmupMs: 0,
    })
    expect(result.summaries[0]).toMatchObject({ ok: 0, errors: 4, outcomes: { refused: 4 } })
  })

  test.each([
    [{ endpoints: [] }, 'endpoints is empty'],
    [
      { endpoints: [{ name: 'a', url: 'ftp://x:secret@y' }] },
      'the url of a is no http or https URL',
    ],
    [{ levels: [] }, 'levels is empty'],
    [{ prompts: [] }, 'prompts is empty'],
    [{ model: '' }, 'model is empty'],
  ])('%o: %s', async (given, message) => {
    const endpoints = [{ name: 'a', url: 'http://127.0.0.1:9/' }]
    const running = runBenchmark({ endpoints, model: 'm', ...given })
    await expect(running).rejects.toThrow(UsageError)
    await expect(running).rejects.toThrow(message)
    await expect(running).rejects.not.toThrow('secret')
  })
})
