import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { codeBlocks } from '../helpers/markdown.ts'
import { createShim } from '../helpers/page-run.ts'
import { ROOT, startProgram } from '../helpers/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-recipes-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A port that is free now; what is told to use it is started at once. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}

const document = {
  path: 'docs/recipes.md',
  text: readFileSync(join(ROOT, 'docs/recipes.md'), 'utf8'),
}

test('the recipe for Portkey measures its gateway', async () => {
  const block = codeBlocks(document).find(({ text }) => text.includes('@portkey-ai/gateway@'))
  const [, version] = /@portkey-ai\/gateway@(\S+)/.exec(block?.text ?? '') ?? []
  const gateway = join(ROOT, 'node_modules/@portkey-ai/gateway')
  const installed = JSON.parse(readFileSync(join(gateway, 'package.json'), 'utf8')) as {
    version: string
  }
  // The recipe names what is tested.
  expect(version).toBe(installed.version)
  const script = (block?.text ?? '')
    .replaceAll('18082', String(await freePort()))
    .replaceAll('18787', String(await freePort()))
    .replace(/npx --yes @portkey-ai\/gateway@\S+/, `node ${gateway}/build/start-server.js`)
    .concat(' --no-self-warmup --output-json portkey.json')
  createShim(join(folder, 'bin'))
  const { code, stdout } = await startProgram('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}` },
  }).finished
  expect(code).toBe(0)
  const { runs } = JSON.parse(readFileSync(join(folder, 'portkey.json'), 'utf8')) as {
    runs: { endpoint: string; ok: number }[]
  }
  expect(runs.map(({ endpoint, ok }) => [endpoint, ok])).toEqual([
    ['direct', 200],
    ['proxy', 200],
    ['direct', 200],
    ['proxy', 200],
  ])
  expect(stdout).toMatch(/\| 5 \| gateway \|/)
})
