import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ExchangeRecord } from '../../../src/servers/proxy/exchange-record.ts'
import { Guard, type Verdict } from '../../../src/servers/proxy/guard.ts'
import { POLICY_DEFAULTS } from '../../../src/servers/proxy/policy.ts'
import { readRules } from '../../../src/servers/proxy/rules/read-rules.ts'
import { startProxy } from '../../../src/servers/proxy/start-proxy.ts'
import { UnrecordedExchanges } from '../../../src/servers/proxy/unrecorded-exchanges.ts'
import { completion, startChatServer } from '../../helpers/chat-server.ts'

/** A guard that has long to look at an answer. */
class SlowGuard extends Guard {
  override judgeAnswer(
    texts: readonly string[],
    canaries: readonly string[],
    then: (verdict: Verdict) => void,
  ): void {
    setTimeout(() => super.judgeAnswer(texts, canaries, then), 500)
  }
}

describe('the end of a proxy', () => {
  test('waits for the analysis of what was answered already, and records it', async () => {
    const model = await startChatServer((_, response) => response.end(completion()))
    const options = {
      policy: { ...POLICY_DEFAULTS, mode: 'log' },
      onError: 'open',
      budgetMs: 5,
      timeoutMs: 5000,
      mostBodyBytes: 1e6,
      blockStatus: 403,
      canaries: [],
      storeRaw: false,
    } as const
    const recorded: ExchangeRecord[] = []
    const proxy = await startProxy(
      { upstream: new URL(model.url).origin },
      {
        guard: new SlowGuard(options, await readRules([])),
        sink: (record) => recorded.push(record),
      },
    )
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
    const headers = { connection: 'close' }
    const url = `${proxy.url}/v1/chat/completions`
    const response = await fetch(url, { method: 'POST', body, headers })
    expect(response.status).toBe(200)
    await response.text()
    expect(recorded).toEqual([])
    await proxy.close()
    expect(recorded).toMatchObject([{ model: 'm', response: 'OK', status: 200 }])
    await model.close()
  })
})

describe('exchanges that are not recorded yet', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('are waited for, but not for ever', async () => {
    const unrecorded = new UnrecordedExchanges()
    await unrecorded.settled(1000)
    unrecorded.begin()
    unrecorded.begin()
    unrecorded.end()
    let settled = false
    const waiting = unrecorded.settled(1000).then(() => {
      settled = true
      return settled
    })
    await vi.advanceTimersByTimeAsync(500)
    expect(settled).toBe(false)
    await vi.advanceTimersByTimeAsync(600)
    expect(await waiting).toBe(true)
  })
})
