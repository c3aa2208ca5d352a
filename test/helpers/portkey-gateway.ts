import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { startProgram } from './run-command.ts'

export interface Gateway {
  /** URL of its chat-completions resource. */
  readonly url: string
  close(): Promise<void>
}

const require = createRequire(import.meta.url)
const START = require.resolve('@portkey-ai/gateway/build/start-server.js')

/** Starts Portkey's gateway in a process of its own, which ends with `close` or after a minute. */
export async function startPortkey(): Promise<Gateway> {
  const port = await freePort()
  const started = startProgram(process.execPath, [START, `--port=${port}`, '--headless'])
  const giveUpAt = Date.now() + 20_000
  while (!started.output().includes('Ready for connections')) {
    if (started.child.exitCode !== null || Date.now() > giveUpAt) {
      started.child.kill()
      throw new Error(`no gateway: ${started.output()}`)
    }
    await delay(50)
  }
  return {
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    async close() {
      started.child.kill()
      await started.finished
    },
  }
}

/** The gateway cannot be told to take a free port itself. */
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
