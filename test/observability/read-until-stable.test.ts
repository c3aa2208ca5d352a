import { describe, expect, test } from 'vitest'
import type { FoundTrace } from '../../src/model/findings.ts'
import { readUntilStable } from '../../src/observability/read-until-stable.ts'

function traces(count: number): FoundTrace[] {
  return Array.from({ length: count }, (_, index) => ({
    traceId: String(index),
    prompt: '',
    createdAt: undefined,
    score: undefined,
    findings: [],
  }))
}

interface Script {
  readonly counts: readonly (number | Error)[]
  readonly wanted: number
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Reads that give so many traces one after the other, the last for ever. */
async function settle(script: Script) {
  const { counts, wanted, timeoutMs = 5000, signal = new AbortController().signal } = script
  let reads = 0
  const settled = await readUntilStable({
    read: () => {
      const count = counts[Math.min(reads, counts.length - 1)] ?? 0
      reads += 1
      return count instanceof Error
        ? Promise.reject(count)
        : Promise.resolve({ traces: traces(count), notes: [] })
    },
    isComplete: (read) => read.traces.length >= wanted,
    timeoutMs,
    now: () => performance.now(),
    signal,
  })
  return { reads, count: settled.traces.length, ...settled }
}

describe('findings are read until', () => {
  test('all are there and two reads are equal', async () => {
    const { reads, count, complete, settledMs } = await settle({ counts: [1, 3, 4], wanted: 3 })
    expect({ reads, count, complete }).toEqual({ reads: 4, count: 4, complete: true })
    expect(settledMs).toBeGreaterThan(0)
  })

  test('the time is up', async () => {
    const { complete, count } = await settle({ counts: [1], wanted: 2, timeoutMs: 350 })
    expect({ complete, count }).toEqual({ complete: false, count: 1 })
  })

  test('the run is stopped', async () => {
    const { reads } = await settle({ counts: [1], wanted: 2, signal: AbortSignal.abort() })
    expect(reads).toBe(1)
  })

  test('the API breaks, with what there was', async () => {
    const { count, notes } = await settle({ counts: [2, new Error('it answers 500')], wanted: 3 })
    expect(count).toBe(2)
    expect(notes).toEqual(['it stopped answering: it answers 500'])
  })

  test('an API that breaks at once is told', async () => {
    await expect(settle({ counts: [new Error('gone')], wanted: 1 })).rejects.toThrow('gone')
  })
})
