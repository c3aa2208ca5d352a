import { expect, test } from 'vitest'
import { watchProcessLoad, watchThreadLoad, worstLoad } from '../../src/engine/client-load.ts'

test('of several threads the worst figures count, each for itself', () => {
  const loads = [
    { round: 3, loopDelayP99Ms: 1, cpuShare: 0.9 },
    { round: 3, loopDelayP99Ms: 7, cpuShare: 0.2 },
  ]
  expect(worstLoad(loads)).toEqual({ round: 3, loopDelayP99Ms: 7, cpuShare: 0.9 })
})

test.each([
  ['process', watchProcessLoad],
  ['thread', watchThreadLoad],
])('a %s that waits is idle next to one that works', async (_, watchLoad) => {
  const resting = watchLoad(0)
  await wait(200)
  const rested = resting.stop()
  const working = watchLoad(1)
  // The monitor has to have fired before and after to know how late the loop was.
  await wait(20)
  const until = performance.now() + 200
  while (performance.now() < until) Math.sqrt(until)
  await wait(20)
  const worked = working.stop()
  expect([rested.round, worked.round]).toEqual([0, 1])
  expect(worked.cpuShare).toBeGreaterThan(rested.cpuShare)
  expect(worked.loopDelayP99Ms).toBeGreaterThan(50)
})

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
