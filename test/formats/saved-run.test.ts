import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numbersOf } from '../../src/formats/run-numbers.ts'
import { parseSavedRun, savedRunOf } from '../../src/formats/saved-run.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import { MAGIC, jsonFrame } from '../../src/results/run-file-format.ts'
import { comparisonRecord, storedRun } from '../helpers/saved-runs.ts'

/** Whether it was read; false where it was refused as wrong usage. Anything else is a bug and is thrown. */
function reads(bytes: Buffer): boolean {
  try {
    numbersOf('x', parseSavedRun('x', bytes))
    return true
  } catch (error) {
    if (error instanceof UsageError) return false
    throw error
  }
}

test('a result file knows of the run what the run file knows', () => {
  const request = { promptsHash: '0123456789abcdef', bodyFields: ['stream'], bodyHash: 'ab' }
  const record = comparisonRecord({ request })
  const { facts } = savedRunOf(record)
  expect(storedRun(record).facts).toEqual({ ...facts, spec: { ...facts.spec } })
})

test('any bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.boolean(), (bytes, marked) => {
      expect(reads(marked ? Buffer.concat([MAGIC, bytes]) : Buffer.from(bytes))).toBe(false)
    }),
  )
})

test('any JSON is read or refused', () => {
  const runs = fc.array(
    fc.dictionary(
      fc.constantFrom('endpoint', 'metrics', 'ok', 'latencies_ms_ok', 'rounds', 'concurrency'),
      fc.jsonValue(),
    ),
  )
  const file = fc.record({
    runs,
    overhead: fc.jsonValue(),
    budgets: fc.jsonValue(),
    run: fc.jsonValue(),
    spec: fc.jsonValue(),
    dataset: fc.jsonValue(),
  })
  fc.assert(fc.property(fc.jsonValue(), (value) => void reads(Buffer.from(JSON.stringify(value)))))
  fc.assert(fc.property(file, (value) => void reads(Buffer.from(JSON.stringify(value)))))
})

test('a head without a plan is refused', () => {
  for (const head of [{}, { version: 1 }, { version: 1, plan: { levels: 3 } }]) {
    expect(reads(Buffer.concat([MAGIC, jsonFrame('head', head)]))).toBe(false)
  }
})
