import { expect, test } from 'vitest'
import { clockOrigin, clockSince } from '../../src/engine/run-clock.ts'

// Across threads: test/e2e/client-workers.test.ts.
test('in the thread of the origin it reads what performance.now() reads', () => {
  const now = clockSince(clockOrigin())
  const before = performance.now()
  const read = now()
  const after = performance.now()
  expect(read).toBeGreaterThan(before - 0.1)
  expect(read).toBeLessThan(after + 0.1)
})

test('of an origin that lies earlier it reads more by as much', () => {
  const now = clockSince(clockOrigin() - 5_000_000_000n)
  const before = performance.now()
  const read = now() - 5000
  const after = performance.now()
  expect(read).toBeGreaterThan(before - 0.1)
  expect(read).toBeLessThan(after + 0.1)
})
