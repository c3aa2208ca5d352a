import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { partOf, readCorpus, recordOf } from '../../bench/detection/split.ts'

test('the held-back rows are those that were recorded before the first rule', async () => {
  const recorded = new URL('../../bench/detection/held-back.json', import.meta.url)
  expect(recordOf(await readCorpus())).toEqual(JSON.parse(await readFile(recorded, 'utf8')))
})

test('an attack and its twin are in one part, and each part has rows of every label', async () => {
  const rows = await readCorpus()
  const parts = new Map<string, Set<string>>()
  for (const row of rows) {
    if (row.pairId === undefined) continue
    parts.set(row.pairId, (parts.get(row.pairId) ?? new Set()).add(partOf(row)))
  }
  expect(parts.size).toBe(60)
  expect([...parts.values()].filter((set) => set.size > 1)).toEqual([])
  for (const part of ['development', 'held-back'] as const) {
    for (const label of ['benign', 'malicious'] as const) {
      const share = rows.filter((row) => row.label === label && partOf(row) === part).length
      expect(share).toBeGreaterThan(150)
    }
  }
})
