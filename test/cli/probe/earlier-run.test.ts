import { expect, test } from 'vitest'
import { readEarlierRun } from '../../../src/cli/probe/earlier-run.ts'
import { scratchFolder } from '../../helpers/scratch-folder.ts'

const folder = scratchFolder()

test('a file that is not there is wrong usage', async () => {
  await expect(readEarlierRun('/nowhere/a.json', [])).rejects.toThrow(
    '--against /nowhere/a.json cannot be read (ENOENT); give a file',
  )
})

test('of a file of the first version, cases are known by their ids alone', async () => {
  const verdict = { kind: 'allowed', rule: 'answer/complete', evidence: [], modelRefused: false }
  const one = {
    endpoint: 'target',
    attempt: 1,
    last: true,
    latency_ms: 1,
    preview: 'x',
    verdict,
  }
  const path = folder.write('old.json', {
    probe_version: 1,
    tool: { name: 'llmtrace-bench', version: '0.1.0' },
    spec: { model: 'm' },
    headers: { has_token: false, agent_id: null },
    run: { started_at: '2026-11-24T12:00:00.000Z', partial: false },
    endpoints: [{ name: 'target', url: 'http://127.0.0.1:1', baseline: true }],
    gates: [],
    cases: [
      { ...one, id: 'a', label: 'malicious' },
      { ...one, id: 'b', label: 'benign' },
    ],
  })
  const now = [
    { id: 'a', text: 'x', label: 'malicious' as const },
    { id: 'c', text: 'y', label: 'benign' as const },
  ]
  expect(await readEarlierRun(path, now)).toMatchObject({
    file: path,
    overlapping: 1,
    otherPrompt: 0,
    cases: [{ caseId: 'a', label: 'malicious', verdict: { kind: 'allowed' } }],
  })
})
