import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { COMMANDS } from '../../src/options/commands.ts'
import { FAULT_KINDS } from '../../src/servers/simulator/fault-plan.ts'
import { type RunningProxy, startProxy } from '../../src/servers/proxy/start-proxy.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../src/servers/simulator/start-simulator.ts'
import { type ChatServer, startChatServer } from '../helpers/chat-server.ts'
import { documentedBlocks, kindOf, RUN_ELSEWHERE } from '../helpers/documented-commands.ts'
import { anchorsOf, codeBlocks, flagsOf, linksOf, readDocuments } from '../helpers/markdown.ts'
import { createShim, PageRun } from '../helpers/page-run.ts'
import { requiresProgram } from '../helpers/requirement.ts'
import { ROOT } from '../helpers/run-command.ts'
import { SPECIFICATION_FLAGS } from '../helpers/specification.ts'

const documents = readDocuments()

/** README and docs/ tell what to do with the command; CONTRIBUTING and the like what to do to the repository. */
const pages = documents
  .filter(({ path }) => path === 'README.md' || path.startsWith('docs/'))
  .map((document) => ({ ...document, blocks: documentedBlocks(document) }))

/** The pages' blocks in a language, each with where it stands. */
function blocksIn(language: string): [string, string][] {
  return pages.flatMap((page) =>
    codeBlocks(page)
      .filter((block) => block.language === language)
      .map(({ line, text }): [string, string] => [`${page.path} line ${line}`, text]),
  )
}

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-docs-'))
let model: RunningSimulator
let proxy: RunningProxy
let receiver: ChatServer

beforeAll(async () => {
  createShim(join(folder, 'bin'))
  model = await startSimulator()
  proxy = await startProxy({ upstream: model.url })
  // A collector and a Pushgateway that take everything.
  receiver = await startChatServer((_, response) => response.end('{}'))
})
afterAll(async () => {
  await receiver.close()
  await proxy.close(0)
  await model.close(0)
  rmSync(folder, { recursive: true })
})

const hasCurl = requiresProgram('curl', 'apt-get install curl')

describe.each(pages.filter(({ blocks }) => blocks.length > 0))('$path', ({ path, blocks }) => {
  let run: PageRun
  beforeAll(() => {
    const { origin } = new URL(receiver.url)
    run = new PageRun({
      cwd: join(folder, path.replaceAll('/', '-')),
      bin: join(folder, 'bin'),
      standIns: { 8082: model.url, 8081: proxy.url, 4318: origin, 9091: origin },
    })
  })
  afterAll(async () => {
    await run.stop()
  })

  test.for(blocks)('line $line: $title', { timeout: 120_000 }, async (block, { skip }) => {
    const { how } = block
    skip(how.kind === 'commands' && how.programs.includes('curl') && !hasCurl, 'no curl')
    const lacking = how.kind === 'elsewhere' && !existsSync(join(ROOT, how.by)) ? [how.by] : []
    expect(how.kind === 'elsewhere' ? lacking : await run.run(block)).toEqual([])
  })

  test('its servers end in order', async () => {
    expect(await run.stop()).toEqual([])
  })
})

describe('a block', () => {
  const inBlock = (text: string) => () => kindOf({ text, line: 7, language: 'bash' })

  test.each([
    ['make install', 'line 7: no rule runs a block with make'],
    ['npm ci', 'line 7: no rule runs a block with npm'],
    ['llmtrace-bench --url "http://a" | jq .', 'line 7: no rule runs a block with jq'],
    ['# nothing', 'line 7: no rule runs a block with no command'],
    ['llmtrace-bench simulate\ncurl -sf http://a', 'line 7: a server needs a block of its own'],
  ])('that no rule covers fails: %j', (text, message) => {
    expect(inBlock(text)).toThrow(message)
  })

  test.each(blocksIn('js'))('in JavaScript is a module: %s', (_, text) => {
    const file = join(folder, 'block.mjs')
    writeFileSync(file, text)
    expect(spawnSync(process.execPath, ['--check', file]).stderr.toString()).toBe('')
  })

  test.each(blocksIn('yaml'))('in YAML can be read: %s', (_, text) => {
    expect(parse(text)).toBeTypeOf('object')
  })

  test('in any other language would not be looked at', () => {
    const languages = pages.flatMap((document) =>
      codeBlocks(document).map(({ language }) => `${document.path}: ${language}`),
    )
    expect(languages.filter((found) => !/: (?:bash|text|json|js|yaml)$/.test(found))).toEqual([])
  })

  test('that is run elsewhere occurs', () => {
    const all = pages.flatMap((document) => codeBlocks(document).map(({ text }) => text))
    expect(Object.keys(RUN_ELSEWHERE).filter((text) => !all.includes(text))).toEqual([])
  })
})

describe('links', () => {
  test.each(documents)('of $path lead to something', ({ path, text }) => {
    const broken = linksOf({ path, text })
      .filter((target) => !/^(?:https?|mailto):/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#')
        const linked = file === '' ? path : join(dirname(path), file)
        const document = documents.find((one) => one.path === linked)
        if (!existsSync(join(ROOT, linked))) return true
        return anchor !== undefined && !(document && anchorsOf(document).includes(anchor))
      })
    expect(broken).toEqual([])
  })
})

describe('what the pages name exists', () => {
  const flags = new Set(
    COMMANDS.flatMap(({ table }) => Object.values(table) as { flag: string }[]).map(
      ({ flag }) => flag,
    ),
  )
  flags.add('help').add('version')

  test.each(documents)('flags of $path', (document) => {
    expect(flagsOf(document).filter((flag) => !flags.has(flag))).toEqual([])
  })
})

describe('what exists is named', () => {
  const page = (path: string) => documents.find((document) => document.path === path)?.text ?? ''

  test('every flag of the specification in docs/cli.md', () => {
    const cli = page('docs/cli.md')
    const missing = Object.keys(SPECIFICATION_FLAGS).filter(
      (flag) => !cli.includes(`\`--${flag}\``),
    )
    expect(missing).toEqual([])
  })

  test('every room of src/ in docs/architecture.md', () => {
    const rooms = readdirSync(join(ROOT, 'src')).flatMap((room) =>
      room === 'servers'
        ? readdirSync(join(ROOT, 'src/servers')).map((one) => `servers/${one}`)
        : room,
    )
    expect(rooms.filter((room) => !page('docs/architecture.md').includes(`| \`${room}\``))).toEqual(
      [],
    )
  })

  test('every fault, and every key of the log and of the counts, in docs/simulator.md', async () => {
    const simulator = await startSimulator({
      faultSchedule: [{ kind: '429', by: 'request', from: 2, to: 2 }],
    })
    const headers = { 'X-LLMTrace-Bench-Case': 'a', 'X-LLMTrace-Agent-ID': 'b' }
    const asked = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }
    for (const stream of [false, false, true]) {
      const body = JSON.stringify({ ...asked, stream })
      const url = `${simulator.url}/v1/chat/completions`
      await (await fetch(url, { method: 'POST', headers, body })).text()
    }
    const read = async (what: string) =>
      (await (await fetch(`${simulator.url}/simulator/${what}`)).json()) as Record<string, unknown>
    const { entries } = await read('log')
    const names = [...(entries as object[]), await read('stats')].flatMap((one) => Object.keys(one))
    await simulator.close(0)
    expect(names).toContain('fault')
    const missing = [...FAULT_KINDS, ...new Set(names)].filter(
      (name) => !page('docs/simulator.md').includes(`| \`${name}\` `),
    )
    expect(missing).toEqual([])
  })
})
