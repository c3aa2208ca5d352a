import { describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli/run-cli.ts'
import { fakeIo } from '../helpers/fake-io.ts'

const UPSTREAM = ['proxy', '--upstream', 'http://127.0.0.1:9', '--port', '0']

describe('wrong usage of the proxy', () => {
  test.each([
    [['--store', 'redis://u:hunter2@h/0'], /--store: the value \(not shown\) is no store/],
    [['--store', 'postgres://u:hunter2@h'], /--store: .* is not the URL of a PostgreSQL database/],
    [['--retain-bytes', 'much'], /--retain-bytes: "much" is not a size/],
    [['--retain-days', '0'], /--retain-days: "0" is not a number above 0/],
    [['--host', '0.0.0.0'], /--host 0\.0\.0\.0 lets others read the recorded prompts; give a key/],
    [['--api-key', 'hunter2\n'], /--api-key: the value \(not shown\) holds a character/],
    [['--otlp', 'collector:4318'], /--otlp: "collector:4318" is not an http or https URL/],
  ])('%j is told', async (args, message) => {
    const { io, output } = fakeIo('/')
    expect(await runCli([...UPSTREAM, ...args], io)).toBe(2)
    expect(output.stderr).toMatch(message)
    expect(output.stdout + output.stderr).not.toContain('hunter2')
  })
})
