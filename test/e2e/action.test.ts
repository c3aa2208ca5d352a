import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseCommandLine } from '../../src/options/parse.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../src/servers/simulator/start-simulator.ts'
import { MAIN, ROOT, startProgram } from '../helpers/run-command.ts'

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly if?: string
  readonly run?: string
  readonly 'working-directory'?: string
  readonly env?: Readonly<Record<string, string>>
}

interface Action {
  readonly inputs: Readonly<
    Record<string, { readonly required?: boolean; readonly default?: string }>
  >
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly steps: readonly Step[] }
}

const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action
const { steps } = action.runs

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-action-'))
let model: RunningSimulator
beforeAll(async () => {
  model = await startSimulator({ ttft: { kind: 'fixed', ms: 2 } })
})
afterAll(async () => {
  await model.close(0)
  rmSync(folder, { recursive: true })
})

type Values = Readonly<Record<string, string>>

/** Replaces `${{ inputs.x }}` and `${{ steps.y.outputs.x }}`, as the runner does before a step. */
function fill(text: string, inputs: Values, outputs: Values): string {
  return text.replaceAll(
    /\$\{\{\s*(?:inputs|steps\.run\.outputs|github)\.([\w-]+)\s*\}\}/g,
    (_, name: string) => inputs[name] ?? outputs[name] ?? '',
  )
}

/** Runs the action's own steps in their order, as a runner would; steps of other actions are passed over. */
async function runAction(given: Values, env: Values = {}) {
  const workspace = mkdtempSync(join(folder, 'job-'))
  const outputFile = join(workspace, 'outputs')
  writeFileSync(outputFile, '')
  const defaults = Object.entries(action.inputs).map(([name, one]) => [name, one.default ?? ''])
  const inputs: Values = { ...Object.fromEntries(defaults), ...given }
  let log = ''
  let code: number | null = 0
  for (const step of steps) {
    const outputs = Object.fromEntries(
      readFileSync(outputFile, 'utf8')
        .split('\n')
        .flatMap((line) => (line.includes('=') ? [line.split(/=(.*)/s).slice(0, 2)] : [])),
    ) as Values
    if (step.run === undefined || code !== 0) continue
    if (step.if === "inputs.comment == 'true'" && inputs['comment'] !== 'true') continue
    const stepEnv = Object.entries(step.env ?? {}).map(([name, value]) => [
      name,
      fill(value, inputs, outputs),
    ])
    const finished = await startProgram('bash', ['-e', '-o', 'pipefail', '-c', step.run], {
      cwd: workspace,
      env: {
        GITHUB_ACTION_PATH: ROOT,
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: join(workspace, 'summary.md'),
        ...env,
        ...(Object.fromEntries(stepEnv) as Values),
      },
    }).finished
    log += finished.stdout + finished.stderr
    code = finished.code
  }
  return { code, log, workspace }
}

const flags = (more: string) =>
  `--url ${model.url}/v1/chat/completions --model 'a model' --requests 30 --concurrency 2 --no-self-warmup ${more}`

describe('action.yml', () => {
  test('writes nothing of others into a script, and knows every input and output that it names', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{')
    const text = readFileSync(join(ROOT, 'action.yml'), 'utf8')
    const named = [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name)
    expect(new Set(named)).toEqual(new Set(Object.keys(action.inputs)))
    const measure = readFileSync(join(ROOT, 'action/measure.sh'), 'utf8')
    for (const [, name = ''] of text.matchAll(/steps\.run\.outputs\.([\w-]+)/g)) {
      expect(measure).toContain(`echo "${name}=`)
    }
    expect(steps.flatMap(({ uses }) => uses ?? [])).toEqual([
      'actions/setup-node@v4',
      'actions/upload-artifact@v4',
    ])
  })

  test('measures, summarises, and passes where nothing was asked to be kept', async () => {
    const { code, log, workspace } = await runAction({ args: flags('') })
    expect(log).toContain('## Results')
    expect(code).toBe(0)
    const result = JSON.parse(
      readFileSync(join(workspace, 'llmtrace-bench/result.json'), 'utf8'),
    ) as {
      spec: { model: string }
    }
    expect(result.spec.model).toBe('a model')
    expect(readFileSync(join(workspace, 'llmtrace-bench/report.html'), 'utf8')).toContain('<html')
    expect(readFileSync(join(workspace, 'summary.md'), 'utf8')).toContain('Load test of a model')
  })

  test('fails the job, after its files are there, where a gate was not kept', async () => {
    const failing = await startSimulator({ faultRates: { '500': 0.5 } })
    const args = flags('--max-error-rate 1%').replace(model.url, failing.url)
    const { code, log, workspace } = await runAction({ args })
    await failing.close(0)
    expect(code).toBe(1)
    expect(log).toContain('::error::A budget or gate was not kept')
    expect(readFileSync(join(workspace, 'llmtrace-bench/result.json'), 'utf8')).toContain('FAIL')
  })

  test.each([
    ['pass', 0, '::warning::'],
    ['fail', 1, '::error::'],
  ])('what is not decided is a job that does %s', async (inconclusive, expected, told) => {
    const env = { BENCH_EXIT_CODE: '4', BENCH_INCONCLUSIVE: inconclusive }
    const judge = join(ROOT, 'action/judge.sh')
    const { code, stdout } = await startProgram('bash', [judge], { env }).finished
    expect(code).toBe(expected)
    expect(stdout).toContain(`${told}The samples do not decide`)
  })

  test('runs nothing that stands in its arguments', async () => {
    const args = flags("--system '$(touch owned) `touch owned` ; touch owned'")
    const { code, workspace } = await runAction({ args })
    expect(code).toBe(0)
    expect(readFileSync(join(workspace, 'llmtrace-bench/result.json'), 'utf8')).toContain(
      '$(touch owned)',
    )
    expect(() => readFileSync(join(workspace, 'owned'))).toThrow('ENOENT')
  })

  test('keeps one comment on the pull request', async () => {
    const calls: { method: string; path: string; body: string; token: string }[] = []
    const comments: { id: number; body: string }[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (piece: Buffer) => {
        body += piece.toString()
      })
      request.on('end', () => {
        const { method = '', url = '', headers } = request
        calls.push({ method, path: url, body, token: headers.authorization ?? '' })
        if (method === 'GET') response.end(JSON.stringify(comments))
        else {
          const text = (JSON.parse(body) as { body: string }).body
          if (method === 'POST') comments.push({ id: 7, body: text })
          response.end('{}')
        }
      })
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const event = join(folder, 'event.json')
    writeFileSync(event, JSON.stringify({ pull_request: { number: 42 } }))
    const env = {
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: 'me/shop',
      GITHUB_EVENT_PATH: event,
    }
    const given = { args: flags(''), comment: 'true', 'github-token': 'ghs-secret-0815' }
    const logs = [(await runAction(given, env)).log, (await runAction(given, env)).log]
    server.close()
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /repos/me/shop/issues/42/comments?per_page=100&page=1',
      'POST /repos/me/shop/issues/42/comments',
      'GET /repos/me/shop/issues/42/comments?per_page=100&page=1',
      'PATCH /repos/me/shop/issues/comments/7',
    ])
    expect(comments[0]?.body).toMatch(/^<!-- llmtrace-bench -->\n# Load test of a model/)
    expect(calls.every(({ token }) => token === 'Bearer ghs-secret-0815')).toBe(true)
    expect(logs.join('')).not.toContain('ghs-secret-0815')
    expect(logs.join('')).toContain('Comment written over.')
  })
})

describe('examples', () => {
  const words = (text: string) =>
    [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

  test('the workflow gives flags that exist', () => {
    const text = readFileSync(join(ROOT, 'examples/github-workflow.yml'), 'utf8')
    const { jobs } = parse(text) as { jobs: { overhead: { steps: { with?: { args: string } }[] } } }
    const given = jobs.overhead.steps.flatMap((step) => step.with?.args ?? [])
    expect(given.map((args) => parseCommandLine(words(args), {}).command)).toEqual(['run'])
  })

  test('the GitLab job gives flags that exist', () => {
    const text = readFileSync(join(ROOT, 'examples/gitlab-ci.yml'), 'utf8')
    const job = (parse(text) as Record<string, { script: string[]; after_script: string[] }>)[
      'proxy-overhead'
    ]
    const commands = [...(job?.script ?? []), ...(job?.after_script ?? [])]
      .filter((line) => line.startsWith('llmtrace-bench'))
      .map((line) => parseCommandLine(words(line).slice(1), {}).command)
    expect(commands).toEqual(['run', 'report'])
  })

  test('the command is where the action looks for it', () => {
    expect(MAIN).toBe(join(ROOT, 'dist/cli/main.js'))
  })
})
