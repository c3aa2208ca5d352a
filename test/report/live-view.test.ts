import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LiveState, liveView } from '../../src/report/live-view.ts'

const STATE: LiveState = {
  level: { concurrency: 5 },
  levelNumber: 2,
  levels: 3,
  rounds: 10,
  planned: 500,
  elapsedMs: 3000,
  endpoints: [
    { name: 'direct', done: 210, perSecond: 70, p50Ms: 9.14, p95Ms: 12.04, failed: 0 },
    { name: 'proxy', done: 190, perSecond: 63.3, p50Ms: 11.25, p95Ms: undefined, failed: 3 },
  ],
}
const PLAIN = { columns: 120, colour: false }

describe('liveView', () => {
  test('says what runs, how long it will, and how each endpoint does', () => {
    expect(liveView(STATE, PLAIN)).toEqual([
      'concurrency 5 (2/3)  round 4/10  level ends in 0:05',
      '  direct  210/500     70.0/s  p50     9.1ms  p95    12.0ms',
      '  proxy   190/500     63.3/s  p50    11.3ms  p95         -  3 not ok',
    ])
  })

  test('before the first answer there is no end in sight, and without rounds none are told', () => {
    const [direct] = STATE.endpoints
    const none = { ...direct, name: 'target', done: 0, perSecond: 0, failed: 0 }
    const state = {
      ...STATE,
      rounds: 1,
      endpoints: [{ ...none, p50Ms: undefined, p95Ms: undefined }],
    }
    expect(liveView(state, PLAIN)[0]).toBe('concurrency 5 (2/3)  level ends in -:--')
  })

  test('colours only where told to, and says the same', () => {
    const coloured = liveView(STATE, { ...PLAIN, colour: true })
    expect(coloured[2]).toMatch(/^\p{Cc}\[31m.*\p{Cc}\[0m$/u)
    const bare = coloured.map((line) => line.replaceAll(/\p{Cc}\[\d+m/gu, ''))
    expect(bare).toEqual(liveView(STATE, PLAIN))
  })

  test('no line is as wide as the screen, or moves its cursor, whatever an endpoint is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 1, max: 200 }),
        (name, columns) => {
          const [direct, proxy] = STATE.endpoints
          const endpoints = [direct, proxy].flatMap((one) =>
            one === undefined ? [] : [{ ...one, name }],
          )
          const lines = liveView({ ...STATE, endpoints }, { columns, colour: false })
          for (const line of lines) {
            expect(line.length).toBeLessThan(Math.max(2, columns))
            expect(line).not.toMatch(/\p{Cc}/u)
          }
        },
      ),
    )
  })
})
