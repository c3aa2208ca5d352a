import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCli } from '../../src/cli/run-cli.ts'
import { fakeIo } from '../helpers/fake-io.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function refused(args: readonly string[]): Promise<string> {
  const { io, output } = fakeIo(folder)
  const code = await runCli(
    ['proxy', '--upstream', 'http://127.0.0.1:1', '--port', '0', ...args],
    io,
  )
  expect(code).toBe(2)
  return output.stderr
}

test.each([
  [['--policy', 'pii=maybe'], /--policy: "pii=maybe" is no policy/],
  [['--min-confidence', '2'], /--min-confidence: "2" is not a number from 0 to 1/],
  [['--block-status', '503'], /--block-status: "503" is no status for a block/],
  [['--canary', 'short'], /--canary: a text has fewer than 8 letters and digits/],
  [['--rules', '/none'], /--rules: \/none: ENOENT/],
])('%j is wrong usage', async (args, message) => {
  expect(await refused(args)).toMatch(message)
})

const RULE = `rules:
  - id: own
    confidence: 0.9
    description: ours
    phrases: [x]
    tests: {match: [x], ignore: [else]}
`

test.each([
  ['bad.yaml', 'rules: [', /--rules: bad: /],
  [
    'slow.yaml',
    RULE.replace('phrases: [x]', "patterns: ['(a+)+b']"),
    /slow\/own: \(a\+\)\+b has a repeat/,
  ],
  ['open.yaml', RULE.replace('[x]', '["x {@none}"]'), /open\/own: there is no class @none/],
  ['kind.yaml', RULE.replace('confidence: 0.9', 'confidence: 9'), /kind: rules\.0\.confidence /],
  ['missed.yaml', RULE.replace('match: [x]', 'match: [y]'), /missed\/own does not match "y"/],
  ['wrong.yaml', RULE.replace('else', 'an x'), /wrong\/own matches "an x"/],
  ['role.yaml', RULE, /--rules: role: there are shipped rules of this name/],
])('rules of %s are refused whole', async (name, text, message) => {
  const file = join(folder, name)
  writeFileSync(file, text)
  expect(await refused(['--mode', 'log', '--rules', file])).toMatch(message)
})
