import { describe, expect, test } from 'vitest'
import { type KeptReply, PendingReplies } from '../../src/engine/judging.ts'
import type { Exchange } from '../../src/model/exchange.ts'
import type { Ground } from '../../src/model/ground.ts'

const exchange = (body: string): Exchange => ({
  outcome: 'ok',
  status: 200,
  sentAt: 0,
  endedAt: 1,
  reused: true,
  connectMs: 0,
  bodyBytes: body.length,
  body,
})

const judge = ({ body }: KeptReply): Ground => ({ kind: 'allowed', rule: body ?? '' })

describe('pending replies', () => {
  test('are judged when they are taken, each verdict once in the table', async () => {
    const judged: string[] = []
    const pending = new PendingReplies((one, prompt) => {
      judged.push(`${one.body}${prompt}`)
      return judge(one)
    })
    pending.add(7, 1, exchange('a'))
    pending.add(3, 0, exchange('b'))
    pending.add(5, 2, exchange('a'))
    expect(judged).toEqual([])
    const { sequences, grounds, table } = await pending.take()
    expect(judged).toEqual(['a1', 'b0', 'a2'])
    expect([...sequences]).toEqual([7, 3, 5])
    expect([...grounds]).toEqual([1, 2, 1])
    expect(table.map(({ rule }) => rule)).toEqual(['a', 'b'])
    pending.add(9, 0, exchange('b'))
    // Numbers stay what they are from one block to the next.
    const later = await pending.take()
    expect([...later.sequences, ...later.grounds]).toEqual([9, 2])
  })

  test('are judged as they come where more would have to be kept, and none is lost', async () => {
    const judged: string[] = []
    const pending = new PendingReplies((one) => {
      judged.push(one.body ?? '')
      return judge(one)
    }, 1000)
    const all = Array.from({ length: 5000 }, (_, index) => index)
    for (const index of all) pending.add(index, 0, exchange(String(index)))
    expect(judged.length).toBe(4997)
    const { sequences } = await pending.take()
    expect([...sequences].toSorted((one, other) => one - other)).toEqual(all)
    // There is room again.
    pending.add(5000, 0, exchange('x'))
    expect(judged.length).toBe(5000)
  })
})
