import { describe, expect, test } from 'vitest'
import { type Arrival, beginArrival, promptMarks } from '../../src/wire/arrival.ts'
import { ArrivalLog } from '../../src/wire/arrival-log.ts'
import { fingerprint } from '../../src/wire/prompt-hash.ts'

const arrive = (sequence: number, caseId?: string): Arrival =>
  beginArrival(
    { headers: caseId === undefined ? {} : { 'x-llmtrace-bench-case': caseId } },
    sequence,
    {
      at: sequence,
      epochMs: 0,
    },
  )

describe('beginArrival', () => {
  test('keeps what tells a case, and neither the token nor what a query may hold', () => {
    const head = {
      method: 'POST',
      url: '/v1/chat/completions?key=s3cret',
      headers: {
        'x-llmtrace-bench-case': 'inj-1',
        'x-llmtrace-agent-id': ['me', 'again'],
        authorization: 'Bearer s3cret',
      },
    }
    expect(beginArrival(head, 7, { at: 12.5, epochMs: Date.UTC(2026, 0, 2) })).toEqual({
      sequence: 7,
      at: 12.5,
      arrivedAt: '2026-01-02T00:00:00.000Z',
      method: 'POST',
      path: '/v1/chat/completions',
      caseId: 'inj-1',
      agentId: 'me',
      aborted: false,
    })
  })
})

describe('promptMarks', () => {
  test('tells the last thing that the user said, beside the whole', () => {
    const asked = 'x'.repeat(300)
    const messages = [
      { role: 'user', content: asked },
      { role: 'assistant', content: 'Well?' },
    ]
    const marks = promptMarks({ model: 'm', messages, stream: true })
    expect(marks).toMatchObject({ model: 'm', stream: true, lastUserText: 'x'.repeat(200) })
    expect(marks.lastUserHash).toBe(fingerprint(asked))
    expect(marks.promptHash).not.toBe(marks.lastUserHash)
  })
})

describe('ArrivalLog', () => {
  const read = (log: ArrivalLog, query = '') => {
    const { total, entries } = log.read(new URLSearchParams(query))
    return [total, entries.map(({ sequence }) => sequence)]
  }

  test('keeps the last ones, and gives what a query asks for', () => {
    const log = new ArrivalLog(3)
    for (let sequence = 1; sequence <= 8; sequence += 1)
      log.add(arrive(sequence, `c${sequence % 2}`))
    expect(read(log)).toEqual([3, [6, 7, 8]])
    expect(read(log, 'since=6')).toEqual([2, [7, 8]])
    expect(read(log, 'since=x&limit=1')).toEqual([3, [6]])
    expect(read(log, 'case=c0')).toEqual([2, [6, 8]])
    log.clear()
    expect(read(log)).toEqual([0, []])
  })
})
