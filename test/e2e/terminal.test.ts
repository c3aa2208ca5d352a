import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type RunningSimulator,
  startSimulator,
} from '../../src/servers/simulator/start-simulator.ts'
import { requiresProgram } from '../helpers/requirement.ts'
import { MAIN, startProgram } from '../helpers/run-command.ts'

/** Gives a command a terminal, as a user's shell does. */
const hasScript = requiresProgram('script', 'apt-get install bsdutils')

let model: RunningSimulator
beforeAll(async () => {
  model = await startSimulator({ ttft: { kind: 'fixed', ms: 5 } })
})
afterAll(() => model.close(0))

async function onTerminal(flags: string, env: Readonly<Record<string, string>> = {}) {
  const command = `stty cols 60; "${process.execPath}" "${MAIN}" --url ${model.url}/v1/chat/completions --model m --no-self-warmup --requests 300 --concurrency 2 ${flags}`
  const args = ['--quiet', '--return', '--command', command, '/dev/null']
  return startProgram('script', args, { env: { TERM: 'xterm', CI: '', ...env } }).finished
}

describe.runIf(hasScript)('on a terminal', () => {
  test('a level is shown while it runs, and its lines are gone before the tables', async () => {
    const { code, stdout } = await onTerminal('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/concurrency 2 \(1\/1\) {2}level ends in \d:\d\d/)
    expect(stdout).toMatch(/target +\d+\/300 +\d+\.\d\/s {2}p50 +\d+\.\dms/)
    const [shown, ...rest] = stdout.split('## Results')
    // The last that is written before the tables goes up two lines and erases them.
    expect(shown?.trimEnd().endsWith('\u001B[2A\r\u001B[J')).toBe(true)
    expect(rest.join('')).not.toContain('\u001B')
  })

  test('NO_COLOR keeps the view without colours', async () => {
    const { stdout } = await onTerminal('', { NO_COLOR: '1' })
    expect(stdout).toContain('level ends in')
    expect(stdout).not.toMatch(/\p{Cc}\[\d*m/u)
  })

  test.each([
    ['--quiet', {}],
    ['', { TERM: 'dumb' }],
    ['', { CI: 'true' }],
  ])('there is none with %s %o', async (flags, env) => {
    const { code, stdout } = await onTerminal(flags, env)
    expect(code).toBe(0)
    expect(stdout).toContain('## Results')
    expect(stdout).not.toContain('\u001B')
    expect(stdout.includes('Running load')).toBe(flags === '')
  })

  test('lines that are asked for are lines there too', async () => {
    const { stdout } = await onTerminal('--progress-every 100')
    expect(stdout.match(/^target at concurrency 2: \d+\/300/gm)).toHaveLength(3)
    expect(stdout).not.toContain('\u001B')
  })
})
