import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { replay } from '../../src/analysis/replay.ts'
import { buildReplay } from '../../src/results/replay-file.ts'
import { REPLAY_SCHEMA, replayJsonSchema } from '../../src/results/replay-schema.ts'
import { steppedPairs } from '../helpers/stepped-pairs.ts'

const TOOL = { name: 'llmtrace-bench', version: '0.0.0' } as const
const SOURCE = { file: 'p.csv', direct: 'direct_ms', proxy: 'proxy_ms', unit: 'ms' } as const

const build = (pairs: Parameters<typeof steppedPairs>[0]) =>
  buildReplay(TOOL, SOURCE, replay(steppedPairs(pairs), 10))

describe('the JSON of a comparison of pairs', () => {
  const calm = build({ count: 1500, added: [30, 30] })
  const stepped = build({ count: 1500, changesAt: 500, added: [3000, 0] })
  const short = build({ count: 5, added: [0, 0] })

  test('keeps to its schema, as zod and as JSON Schema', () => {
    const validate = new Ajv2020({ strict: false }).compile(replayJsonSchema())
    for (const file of [calm, stepped, short]) {
      const text: unknown = JSON.parse(JSON.stringify(file))
      expect(REPLAY_SCHEMA.parse(text)).toEqual(text)
      validate(text)
      expect(validate.errors ?? []).toEqual([])
    }
  })

  test('one regime is conclusive and has numbers', () => {
    expect(calm).toMatchObject({ schema_version: 1, conclusive: true, changes: [], pairs: 1500 })
    expect(Object.keys(calm.pooled.delta)).toEqual(['mean', 'p50', 'p95', 'p99'])
    expect(calm.pooled.direct['mean']).toBeCloseTo(4200, -2)
    expect(calm.pooled.paired.typical).toBeDefined()
    expect(calm.regimes).toEqual([{ first_row: 1, last_row: 1500, ...calm.pooled }])
  })

  test('several regimes are not, and the pooled numbers are absent with the reason', () => {
    expect(stepped.conclusive).toBe(false)
    expect(stepped.changes?.map(({ row }) => row)).toEqual([500])
    expect(stepped.pooled).toMatchObject({ direct: {}, proxy: {}, delta: {}, ratio: {} })
    expect(stepped.pooled.absent['mean']).toContain('2 levels one after the other')
    expect(stepped.pooled.paired).toEqual({ pairs: 1500 })
    expect(stepped.regimes.map(({ delta }) => delta['mean'])).toEqual([
      expect.closeTo(3000, -3),
      expect.closeTo(0, -3),
    ])
  })

  test('too few pairs to look for a change are told', () => {
    expect(short.changes).toBeNull()
    expect(short.changes_absent).toMatch(/fewer than \d+ pairs/)
  })
})
