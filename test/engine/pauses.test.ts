import { expect, test } from 'vitest'
import { Pauses } from '../../src/engine/pauses.ts'

test('waits end in their time, or all at once, and each once', async () => {
  const pauses = new Pauses()
  const ended: string[] = []
  await new Promise<void>((resolve) => {
    pauses.after(1, () => {
      ended.push('short')
      resolve()
    })
    pauses.after(600_000, () => ended.push('long'))
  })
  pauses.endAll()
  pauses.endAll()
  expect(ended).toEqual(['short', 'long'])
})
