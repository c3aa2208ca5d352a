import { expect, test } from 'vitest'
import { startProgram } from '../helpers/run-command.ts'

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
