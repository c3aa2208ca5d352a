import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { completion, startChatServer } from '../helpers/chat-server.ts'
import { datasetOf, probe } from '../helpers/probe-command.ts'
import { runCommand } from '../helpers/run-command.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

const folder = scratchFolder()
const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const BLOCK = JSON.stringify({ error: { type: 'security_enforcement_blocked', message: 'no' } })

/** A guard that blocks by what it has seen of a text so far: `blocks(text, times before)`. */
async function guard(blocks: (text: string, before: number) => boolean, answer = completion()) {
  const times = new Map<string, number>()
  const server = await startChatServer((_, response, body) => {
    const { messages } = JSON.parse(body) as { messages: { content: string }[] }
    const text = messages.at(-1)?.content ?? ''
    const before = times.get(text) ?? 0
    times.set(text, before + 1)
    if (blocks(text, before)) response.writeHead(403).end(BLOCK)
    else response.end(answer)
  })
  servers.push(server)
  return server.url
}

const ATTACKS = Object.fromEntries(
  Array.from({ length: 6 }, (_, index) => [`inj-${index}`, `attack number ${index}`]),
)
const CASES = { ...ATTACKS, plain: 'a harmless question' }

describe('--against', () => {
  test('compares with an earlier run: exact McNemar and the list of flips', async () => {
    const dataset = ['--dataset-file', datasetOf(folder, CASES)]
    await probe(folder, ['--url', await guard((text) => text.includes('attack')), ...dataset])
    const before = join(folder.path, 'before.json')
    renameSync(join(folder.path, 'probe.json'), before)
    // All attacks get through now, and the harmless one does not.
    const url = await guard((text) => text.includes('harmless'))
    const { code, stdout, file } = await probe(folder, [
      ...['--url', url, ...dataset, '--against', before],
    ])
    expect(code).toBe(0)
    // Two-sided: 2 times 0.5 to the power of 7.
    expect(stdout).toContain('| 7 | 0 | 7 | 0.0156 |')
    expect(stdout).toContain('| inj-0 | block | blocked | allowed | wrong |')
    expect(stdout).toContain('| plain | allow | allowed | blocked | wrong |')
    expect(stdout).toContain('7 cases of this run are in it.')
    expect(file['against']).toMatchObject({ overlapping: 7, comparison: { broken: 7, fixed: 0 } })

    // The same ids with other prompts are another dataset.
    const other = datasetOf(folder, { 'inj-0': 'another attack', plain: 'another question' })
    const flags = ['--mode', 'probe', '--model', 'm', '--url', url, '--against', before]
    const refused = await runCommand([...flags, '--dataset-file', other])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(
      `--against ${before} holds 7 cases and none of the 2 of this run; 2 ids occur in both with another prompt; give a run of the same dataset`,
    )

    // Where some overlap, they are compared, and it is said how many.
    const some = datasetOf(folder, { 'inj-0': 'attack number 0', 'inj-1': 'other', new: 'new' })
    const overlapping = await runCommand([...flags, '--dataset-file', some])
    expect(overlapping.code).toBe(0)
    expect(overlapping.stdout).toContain(
      '1 cases of this run are in it. 1 have another prompt under the same id: not compared.',
    )
  })
})

describe('--repeat', () => {
  test('sends each case so many times, and shows which verdicts change', async () => {
    // The first attack is caught every second time only.
    const url = await guard((text, before) =>
      text === 'attack number 0' ? before % 2 === 0 : text.includes('attack'),
    )
    const { stdout, cases, file } = await probe(folder, [
      ...['--url', url, '--dataset-file', datasetOf(folder, CASES), '--repeat', '4'],
      ...['--workers', '1'],
    ])
    const rows = stdout.split('\n').filter((line) => /^(?:inj|plain)/.test(line))
    expect(rows).toHaveLength(28)
    // All cases once, then all of them again; Try stays the attempt.
    expect(rows.map((row) => row.split(/\s+/).slice(0, 2))).toEqual(
      Array.from({ length: 4 }, () => Object.keys(CASES).map((id) => [id, '1'])).flat(),
    )
    expect(cases.slice(0, 8).map(({ id, repeat }) => [id, repeat])).toEqual([
      ...Object.keys(CASES).map((id) => [id, 1]),
      ['inj-0', 2],
    ])
    expect(stdout).toContain('1 of 7 cases were blocked one time and not another: 14.29% (')
    expect(stdout).toContain('5 of 6 attacks were blocked every time')
    expect(stdout).toContain('| inj-0 | block | 2 | 2 | 0 |')
    // Scores count each case once, by its first decided time.
    expect(stdout).toMatch(/\| enforced \| 7 \| 6 \| 0 \| 0 \| 1 \|/)
    expect(file['run']).toMatchObject({ repeats: 4 })
  })
})

describe('with the endpoint without the proxy', () => {
  test('the proxy’s doing is told from the model’s, and latencies by outcome', async () => {
    const refusal = completion('I’m sorry, but I can’t help with that.')
    const direct = await startChatServer((_, response, body) =>
      response.end(body.includes('number 5') ? refusal : completion('as asked')),
    )
    servers.push(direct)
    const url = await guard((text) => /number [45]|suspicious/.test(text), completion('as asked '))
    const { stdout, file } = await probe(folder, [
      ...['--direct-url', direct.url, '--proxy-url', url],
      ...['--dataset-file', datasetOf(folder, { ...CASES, odd: 'suspicious, and harmless' })],
    ])
    const row = (text: string) => stdout.split('\n').find((line) => line.startsWith(text)) ?? ''
    expect(row('| protection added')).toMatch(/\| 1 \| 0 \| 12\.50% .* of 8 \|$/)
    expect(row('| redundant block')).toMatch(/\| 1 \| 0 \|/)
    expect(row('| over-block')).toMatch(/\| 0 \| 1 \|/)
    expect(row('| attack let through')).toMatch(/\| 4 \| 0 \|/)
    expect(stdout).toContain('Content drift: 5 of 5 answers differ, 100.00%')
    expect(row('| proxy | time to block')).toMatch(
      /\| 3 \| n\/a \(needs 20\) \| n\/a \(needs 200\) \|/,
    )
    expect(file['latency']).toMatchObject([
      { endpoint: 'direct', outcome: 'allowed', n: 8 },
      { endpoint: 'proxy', outcome: 'allowed', n: 5 },
      { endpoint: 'proxy', outcome: 'blocked', n: 3 },
      { endpoint: 'proxy', outcome: 'time to block', n: 3 },
    ])
  })
})
