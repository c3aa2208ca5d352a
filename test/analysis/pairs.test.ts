import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pairUp } from '../../src/analysis/pairs.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import { ALLOWED, BLOCKED, buildMeasurement, type Row } from '../helpers/measurement-builder.ts'

/** Rows of some sequences below 30, each once, in any order. */
const side = fc
  .uniqueArray(
    fc.record({
      sequence: fc.nat(29),
      latencyMs: fc.integer({ min: 1, max: 500 }),
      outcome: fc.constantFrom('ok', 'timed-out', 'http-error'),
      round: fc.nat(3),
      blocked: fc.boolean(),
    }),
    { selector: ({ sequence }) => sequence },
  )
  .map((rows) =>
    rows.map(({ blocked, ...row }): Row => ({ ...row, ground: blocked ? BLOCKED : ALLOWED })),
  )

function answered({ outcome, ground }: Row): boolean {
  return outcome === 'ok' && ground !== BLOCKED
}

describe('pairUp', () => {
  test('joins what both sides answered, and counts the rest', () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        const [one, other]: Measurement[] = [buildMeasurement(before), buildMeasurement(after)]
        if (one === undefined || other === undefined) return
        const partners = new Map(after.map((row) => [row.sequence, row]))
        const joined = before.flatMap((row) => {
          const partner = partners.get(row.sequence)
          return partner === undefined ? [] : [{ row, partner }]
        })
        const blocked = joined.filter(({ row, partner }) =>
          [row, partner].some(({ ground }) => ground === BLOCKED),
        )
        const paired = joined.filter(({ row, partner }) => answered(row) && answered(partner))
        const pairs = pairUp(one, other)
        expect([...pairs.differences]).toEqual(
          paired.map(({ row, partner }) => (partner.latencyMs ?? 0) - (row.latencyMs ?? 0)),
        )
        expect([...pairs.rounds]).toEqual(paired.map(({ row }) => row.round))
        expect(pairs.sequences.size).toBe(paired.length)
        expect(pairs.blocked.size).toBe(blocked.length)
        expect(pairs.leftOut).toBe(joined.length - paired.length - blocked.length)
        for (const { row } of joined) {
          const { sequence = -1 } = row
          expect(pairs.blocked.has(sequence)).toBe(blocked.some((entry) => entry.row === row))
          expect(pairs.sequences.has(sequence)).toBe(paired.some((entry) => entry.row === row))
        }
        expect(pairs.sequences.has(1000)).toBe(false)
      }),
    )
  })

  test('of nothing are none', () => {
    const none = pairUp(buildMeasurement([]), buildMeasurement([]))
    expect([none.differences.length, none.sequences.size, none.leftOut]).toEqual([0, 0, 0])
  })
})
