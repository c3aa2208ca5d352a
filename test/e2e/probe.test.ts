import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { completion, startChatServer } from '../helpers/chat-server.ts'
import { runCommand, startCommand } from '../helpers/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  const server = await startChatServer(answer)
  servers.push(server)
  return server.url
}

const BLOCK = JSON.stringify({
  error: {
    message: 'Request blocked',
    type: 'security_enforcement_blocked',
    param: null,
    code: null,
  },
})
const REASONING = JSON.stringify({
  choices: [{ message: { content: null, reasoning: 'let me see' }, finish_reason: 'length' }],
})

/** A dataset of these texts, malicious where they say "attack". */
function datasetOf(texts: readonly string[]): string {
  const file = join(folder, 'cases.json')
  const rows = texts.map((text, index) => ({
    id: `case-${index}`,
    text,
    label: text.includes('attack') ? 'malicious' : 'benign',
  }))
  writeFileSync(file, JSON.stringify(rows))
  return file
}

interface Probed {
  readonly id: string
  readonly endpoint: string
  readonly attempt: number
  readonly status?: number
  readonly blocked: string
  readonly verdict: { readonly kind: string; readonly rule: string; readonly reason?: string }
}

async function probe(targets: readonly string[], flags: readonly string[]) {
  const output = join(folder, 'probe.json')
  const finished = await runCommand([
    ...['--mode', 'probe', '--model', 'm', '--output-json', output],
    ...targets,
    ...flags,
  ])
  const { cases } = JSON.parse(readFileSync(output, 'utf8')) as { cases: Probed[] }
  return {
    ...finished,
    cases,
    rows: finished.stdout.split('\n').filter((line) => line.startsWith('case-')),
  }
}

/** A proxy that blocks attacks as LLMTrace does, and answers the rest after a while that depends on the case. */
const guard = () =>
  serve((_, response, body) => {
    const blocked = body.includes('attack')
    setTimeout(
      () => response.writeHead(blocked ? 403 : 200).end(blocked ? BLOCK : completion('fine')),
      body.includes('slow') ? 80 : 1,
    )
  })

describe('probe', () => {
  test('prints a row a case in the dataset’s order, with what was blocked', async () => {
    const file = datasetOf(['slow one', 'an attack', 'two', 'slow attack', 'three'])
    const { code, stdout, rows, cases } = await probe(
      ['--url', await guard()],
      ['--dataset-file', file, '--workers', '4', '--show-prompt', '--token', 's3cret-token'],
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^Running probe against: http.*\nModel: m\nToken present: True\nWorkers: 4\n/,
    )
    expect(stdout).not.toContain('s3cret-token')
    expect(rows.map((row) => row.split(/\s+/).slice(0, 5))).toEqual([
      ['case-0', '1', '200', 'False', 'allow'],
      ['case-1', '1', '403', 'True', 'block'],
      ['case-2', '1', '200', 'False', 'allow'],
      ['case-3', '1', '403', 'True', 'block'],
      ['case-4', '1', '200', 'False', 'allow'],
    ])
    expect(stdout).toContain('| target | block | 2 | 2 | 0 | 0 |')
    expect(cases.find(({ id }) => id === 'case-1')?.verdict).toMatchObject({ kind: 'blocked' })
  })

  test('without a dataset it is one harmless case', async () => {
    const { stdout } = await probe(['--url', await guard()], [])
    expect(stdout).toMatch(/^baseline-ok {14}1 {4}200 {4}False {5}allow {3}/m)
  })

  test('retries what failed, never what was blocked', async () => {
    const seen: string[] = []
    const url = await serve((_, response, body) => {
      const text = /(an attack|flaky|down)/.exec(body)?.[1] ?? ''
      seen.push(text)
      const again = seen.filter((one) => one === text).length > 1
      if (text === 'an attack') response.writeHead(403).end(BLOCK)
      else if (text === 'down' || !again) response.writeHead(500).end('{"error":{"message":"x"}}')
      else response.end(completion())
    })
    const file = datasetOf(['an attack', 'flaky', 'down'])
    const { cases, stdout } = await probe(
      ['--url', url],
      ['--dataset-file', file, '--retries', '2', '--workers', '1'],
    )
    expect(cases.map(({ id, attempt, status }) => [id, attempt, status])).toEqual([
      ['case-0', 1, 403],
      ['case-1', 1, 500],
      ['case-1', 2, 200],
      ['case-2', 1, 500],
      ['case-2', 2, 500],
      ['case-2', 3, 500],
    ])
    expect(stdout).toContain('Undecided, and counted neither way: server-error 1.')
  })

  test('throttled, cut off and unanswered cases are undecided, with blank in Blocked?', async () => {
    const url = await serve((request, response, body) => {
      if (body.includes('throttled'))
        response.writeHead(429).end('{"error":{"message":"slow down"}}')
      else if (body.includes('thinking')) response.end(REASONING)
      else request.socket.destroy()
    })
    const file = datasetOf(['throttled attack', 'thinking', 'gone'])
    const { cases, rows, stdout } = await probe(['--url', url], ['--dataset-file', file])
    expect(cases.map(({ verdict, blocked }) => [verdict.kind, blocked])).toEqual(
      Array.from({ length: 3 }, () => ['undecided', '']),
    )
    expect(rows[1]).toContain('[reasoning-only response] let me see')
    expect(stdout).toContain('truncated-reasoning 1')
  })

  test('with two endpoints the table names each', async () => {
    const direct = await serve((_, response) => response.end(completion('as asked')))
    const file = datasetOf(['an attack', 'two'])
    const { cases, rows } = await probe(
      ['--direct-url', direct, '--proxy-url', await guard()],
      ['--dataset-file', file, '--workers', '1'],
    )
    expect(cases.map(({ id, endpoint, blocked }) => [id, endpoint, blocked])).toEqual([
      ['case-0', 'direct', 'False'],
      ['case-0', 'proxy', 'True'],
      ['case-1', 'direct', 'False'],
      ['case-1', 'proxy', 'False'],
    ])
    expect(rows[0]).toMatch(/direct {6}as asked/)
  })

  test('a user’s own rule decides what no product says', async () => {
    const url = await serve((_, response, body) => {
      const stopped = body.includes('attack')
      response.writeHead(200, stopped ? { 'x-guard': 'stop' } : {}).end(completion())
    })
    const file = datasetOf(['an attack', 'two'])
    const flags = ['--dataset-file', file, '--blocked-when', 'header:x-guard=stop']
    const { cases } = await probe(['--url', url], flags)
    expect(cases.map(({ blocked }) => blocked).toSorted()).toEqual(['False', 'True'])
  })

  test('scores come with intervals, and a broken gate is exit code 1', async () => {
    const attacks = Array.from({ length: 10 }, (_, index) => `attack ${index}`)
    const file = datasetOf([...attacks, ...attacks.map((text) => text.replace('attack', 'task'))])
    const flags = ['--dataset-file', file, '--require', 'tpr.lower>=0.6']
    const kept = await probe(['--url', await guard()], flags)
    expect(kept.code).toBe(0)
    expect(kept.stdout).toMatch(
      /\| enforced \| 20 \| 10 \| 0 \| 0 \| 10 \| 100\.00% \(72\.25% to 100\.00%\)/,
    )
    const broken = await probe(['--url', await guard()], [...flags, '--require', 'fpr.upper<=1%'])
    expect(broken.code).toBe(1)
    expect(broken.stdout).toContain('| fpr.upper<=0.01 | FAIL |')
  })

  test('a token that a gateway repeats appears nowhere', async () => {
    const token = 'tok-s3cret-4711'
    const url = await serve(({ headers }, response) => {
      const error = {
        type: 'security_enforcement_blocked',
        message: `no: ${headers.authorization}`,
      }
      response.writeHead(403, { 'x-llmtrace-action': token }).end(JSON.stringify({ error }))
    })
    const flags = ['--dataset-file', datasetOf(['an attack']), '--token', token]
    const { stdout, stderr } = await probe(['--url', url], flags)
    expect(stdout).toContain('[redacted]')
    const kept = readFileSync(join(folder, 'probe.json'), 'utf8')
    expect(stdout + stderr + kept).not.toContain(token)
  })

  test('a rule that is none is wrong usage', async () => {
    const { code, stderr } = await runCommand([
      ...['--mode', 'probe', '--model', 'm', '--url', await guard(), '--blocked-when', 'often'],
    ])
    expect(code).toBe(2)
    expect(stderr).toContain('--blocked-when')
    expect(stderr).toContain('"often"')
  })

  test('Ctrl-C keeps the rows there are, marked partial', async () => {
    const url = await serve((_, response, body) => {
      if (!body.includes('never')) response.end(completion())
    })
    const output = join(folder, 'stopped.json')
    const started = startCommand([
      ...['--mode', 'probe', '--model', 'm', '--url', url, '--output-json', output],
      ...['--dataset-file', datasetOf(['one', 'never', 'two']), '--workers', '1'],
    ])
    await expect.poll(() => started.output(), { timeout: 10_000 }).toContain('case-0')
    started.child.kill('SIGINT')
    const { code, stdout } = await started.finished
    expect(code).toBe(130)
    expect(stdout).toContain('(partial)')
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({ run: { partial: true } })
  })

  test('nothing answered at all is exit code 3', async () => {
    const url = await serve((request) => request.socket.destroy())
    const { code } = await probe(['--url', url], ['--dataset-file', datasetOf(['one'])])
    expect(code).toBe(3)
  })
})
