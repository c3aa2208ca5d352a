import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { parseProc, parsePs, readGroupUsage } from '../../../src/cli/managed/read-group-usage.ts'

describe('usage of a process group', () => {
  test('is read from a proc file, whatever the process is called', () => {
    const numbers = Array.from({ length: 49 }, (_, index) => index + 4)
    const fields = ['S', ...numbers].map(String)
    // Fields 5, and 14 to 17: group, user, system, and both of waited-for children.
    const stat = `77 (a (b) c d) ${fields.join(' ')}`
    const rows = parseProc(stat, 'Name:\tx\nVmRSS:\t    2048 kB\n')
    expect(rows).toEqual([{ group: 5, cpuMs: (14 + 15 + 16 + 17) * 10, rssBytes: 2048 * 1024 }])
  })

  test('is 0 of memory for a process without any, and nothing for what is no process', () => {
    const fields = Array.from({ length: 50 }, () => '1').join(' ')
    expect(parseProc(`1 (kthread) S ${fields}`, '')).toMatchObject([{ rssBytes: 0 }])
    expect(parseProc('', '')).toEqual([])
  })

  test.each([
    ['  501 0:01.25 2048', 1250],
    ['501 01:02:03 2048', 3_723_000],
    ['501 2-01:02:03 2048', 176_523_000],
    ['501 12:34 2048', 754_000],
  ])('is read from the line %s of ps', (line, cpuMs) => {
    expect(parsePs(line)).toEqual([{ group: 501, cpuMs, rssBytes: 2048 * 1024 }])
  })

  test('nothing is read from any other line', () => {
    expect(parsePs('')).toEqual([])
    expect(parsePs('PGID TIME RSS')).toEqual([])
  })

  test('of a real group holds all that its leader started, and grows as they work', async () => {
    const work = `${JSON.stringify(process.execPath)} -e "for(;;);"`
    const child = spawn('/bin/sh', ['-c', `${work} & ${work}; true`], { detached: true })
    const pid = child.pid ?? 0
    try {
      const read = () => readGroupUsage([pid]).get(pid)
      // Two processes at full speed use more than one could, given two cores; with one they share it.
      await expect.poll(() => read()?.cpuMs ?? 0, { timeout: 20_000 }).toBeGreaterThan(400)
      expect(read()?.rssBytes).toBeGreaterThan(20 * 1024 * 1024)
    } finally {
      process.kill(-pid, 'SIGKILL')
    }
  })
})
