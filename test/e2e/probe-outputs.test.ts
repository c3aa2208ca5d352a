import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, describe, expect, test } from 'vitest'
import { completion, startChatServer } from '../helpers/chat-server.ts'
import { datasetOf, probe } from '../helpers/probe-command.ts'
import { readXml } from '../helpers/read-xml.ts'
import { runCommand, startCommand } from '../helpers/run-command.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

const folder = scratchFolder()
const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const TOKEN = 'tok-<s3cret>&"4711"'
const HOSTILE = '=cmd|\u001B[31m</failure>"\u0000'

/** A guard that is wrong about two cases, repeats the token, and answers with what would break a careless writer. */
async function carelessGuard(): Promise<string> {
  const server = await startChatServer((request, response, body) => {
    const token = String(request.headers.authorization)
    if (body.includes('throttled')) response.writeHead(429).end()
    else if (body.includes('seen') || body.includes('harmless but')) {
      const error = { type: 'security_enforcement_blocked', message: `${HOSTILE} ${token}` }
      response.writeHead(403, { 'x-guard': token }).end(JSON.stringify({ error }))
    } else response.end(completion(`${HOSTILE} ${token}`))
  })
  servers.push(server)
  return server.url
}

const path = (name: string) => join(folder.path, name)
const read = (name: string) => readFileSync(path(name), 'utf8')

const CASES = {
  'inj-seen': 'an attack that is seen',
  'inj-missed': 'an attack that is missed',
  'inj-lost': 'an attack that is throttled',
  'plain-over': 'harmless but suspicious',
  'plain-fine': 'harmless',
}

test('every format is written, holds what came of each case, and no token', async () => {
  const { code, stdout, stderr } = await probe(folder, [
    ...['--url', await carelessGuard(), '--token', TOKEN],
    ...['--dataset-file', datasetOf(folder, CASES)],
    ...['--output-jsonl', path('rows.jsonl'), '--output-csv', path('rows.csv')],
    ...['--output-junit', path('junit.xml'), '--output-sarif', path('run.sarif')],
  ])
  expect(code).toBe(0)
  expect(stdout).toContain(`output-junit: ${path('junit.xml')}`)

  const lines = read('rows.jsonl').trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { id: string }).id).toSorted()).toEqual(
    Object.keys(CASES).toSorted(),
  )
  const rows: Record<string, string>[] = parse(read('rows.csv'), { columns: true })
  expect(rows.map(({ id, blocked }) => [id, blocked])).toEqual([
    ['inj-seen', 'True'],
    ['inj-missed', 'False'],
    ['inj-lost', ''],
    ['plain-over', 'True'],
    ['plain-fine', 'False'],
  ])
  expect(rows[1]?.['preview']?.startsWith("'=cmd|")).toBe(true)
  expect(readXml(read('junit.xml')).attributes).toMatchObject({
    tests: '5',
    failures: '2',
    skipped: '1',
  })
  const sarif = JSON.parse(read('run.sarif')) as {
    runs: { results: { ruleId: string; locations: object[] }[] }[]
  }
  expect(sarif.runs[0]?.results).toMatchObject([
    {
      ruleId: 'missed-attack',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: expect.stringMatching(/cases\.json$/) as string },
            region: { startLine: 1 },
          },
          logicalLocations: [{ name: 'inj-missed' }],
        },
      ],
    },
    { ruleId: 'false-positive', locations: [{ logicalLocations: [{ name: 'plain-over' }] }] },
  ])
  const all = ['rows.jsonl', 'rows.csv', 'junit.xml', 'run.sarif', 'probe.json']
  const written = [stdout, stderr, ...all.map((name) => read(name))].join('')
  expect(written).toContain('[redacted]')
  expect(written).not.toMatch(/s3cret/)
})

describe('a place that cannot be written', () => {
  test('is told before the run', async () => {
    const file = path('none/out.sarif')
    const { code, stdout, stderr } = await runCommand([
      ...['--mode', 'probe', '--model', 'm', '--url', 'http://127.0.0.1:9/v1/chat/completions'],
      ...['--output-sarif', file],
    ])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(`--output-sarif ${file}: the folder`)
  })

  test('only at the end loses no table, and is exit code 3', async () => {
    const { code, stdout, stderr } = await runCommand([
      ...['--mode', 'probe', '--model', 'm', '--url', await carelessGuard()],
      ...['--output-jsonl', '/dev/full', '--output-csv', '/dev/full'],
    ])
    expect(code).toBe(3)
    expect(stdout).toContain('## Probe Summary')
    expect(stderr).toContain('--output-jsonl /dev/full ends early (ENOSPC)')
    expect(stderr).toContain('--output-csv /dev/full could not be written (ENOSPC)')
  })
})

test('Ctrl-C and a kill leave the lines that were written', async () => {
  const server = await startChatServer((_, response, body) => {
    if (!body.includes('never')) response.end(completion())
  })
  servers.push(server)
  const dataset = datasetOf(folder, { one: 'one', two: 'two', stuck: 'never', last: 'last' })
  const flags = [
    ...['--mode', 'probe', '--model', 'm', '--url', server.url, '--dataset-file', dataset],
    ...['--workers', '1', '--output-jsonl', path('stopped.jsonl')],
    ...['--output-junit', path('stopped.xml')],
  ]
  const killed = startCommand(flags)
  await expect.poll(() => killed.output(), { timeout: 20_000 }).toContain('two')
  killed.child.kill('SIGKILL')
  await killed.finished
  const ids = () =>
    read('stopped.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id)
  expect(ids()).toEqual(['one', 'two'])

  const stopped = startCommand(flags)
  await expect.poll(() => stopped.output(), { timeout: 20_000 }).toContain('two')
  stopped.child.kill('SIGINT')
  const { code, stdout } = await stopped.finished
  expect(code).toBe(130)
  expect(stdout).toContain('stopped.jsonl (partial)')
  expect(ids()).toEqual(['one', 'two', 'stuck'])
  expect(readXml(read('stopped.xml')).attributes).toMatchObject({ tests: '3', skipped: '1' })
})
