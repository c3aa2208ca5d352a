import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProxy } from '../../src/servers/proxy/start-proxy.ts'
import { startSimulator } from '../../src/servers/simulator/start-simulator.ts'
import { ROOT, startProgram } from '../helpers/run-command.ts'

test('examples/measure.mjs tells what the proxy adds', async () => {
  const model = await startSimulator({ ttft: { kind: 'fixed', ms: 2 } })
  const proxy = await startProxy({
    upstream: model.url,
    injectDelay: { kind: 'fixed', ms: 20 },
  })
  const urls = [model.url, proxy.url].map((url) => `${url}/v1/chat/completions`)
  const script = join(ROOT, 'examples/measure.mjs')
  const { code, stdout } = await startProgram(process.execPath, [script, ...urls]).finished
  await proxy.close(0)
  await model.close(0)
  expect(code).toBe(0)
  const [, added = ''] = /^proxy at 2: (\d+\.\d) ms \(\d+\.\d to \d+\.\d\)$/m.exec(stdout) ?? []
  // It holds each request back by 20 ms at least.
  expect(Number(added)).toBeGreaterThanOrEqual(15)
})
test('examples/judge-replies.mjs judges replies by the public API', async () => {
  const { code, stdout, stderr } = await startProgram(process.execPath, [
    'examples/judge-replies.mjs',
  ]).finished
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatchInlineSnapshot(`
    "Without the rule: undecided, answer/lacking
    With it: blocked, user/header:x-guard=stop, x-guard stop
    TPR 6 of 6, 0.610 to 1.000
    ## Gates
    | gate | verdict | actual | n |
    |---|---|---:|---:|
    | tpr.lower>=0.8 | FAIL | 0.6097 | 6 |

    Decided both times: 6; now right 0, now wrong 0
    "
  `)
})
