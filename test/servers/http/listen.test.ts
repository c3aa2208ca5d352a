import { createServer, type ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { type Listening, listen } from '../../../src/servers/http/listen.ts'

const open: Listening[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close(0)
})

async function start(answer: (response: ServerResponse) => void, host = '127.0.0.1') {
  const server = createServer((request, response) => {
    request.resume()
    answer(response)
  })
  const listening = await listen(server, { host, port: 0 })
  open.push(listening)
  return listening
}

describe('listen', () => {
  test('takes a free port and tells the URL', async () => {
    const { url, port } = await start((response) => response.end('ok'))
    expect(url).toBe(`http://127.0.0.1:${port}`)
    expect(await (await fetch(url)).text()).toBe('ok')
  })

  test('rejects where the port is taken', async () => {
    const { port } = await start((response) => response.end())
    const again = listen(createServer(), { host: '127.0.0.1', port })
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('ends at once when nothing is in flight, although connections are kept', async () => {
    const { url, close } = await start((response) => response.end('ok'))
    await (await fetch(url)).text()
    const before = performance.now()
    await close(60_000)
    expect(performance.now() - before).toBeLessThan(30_000)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  test('lets what is in flight finish', async () => {
    const { url, close } = await start((response) => {
      setTimeout(() => response.end('late'), 200)
    })
    const answer = fetch(url).then((response) => response.text())
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
    await close(30_000)
    expect(await answer).toBe('late')
  })

  test('ends what does not finish in time', async () => {
    const { url, close } = await start(() => {})
    const answer = fetch(url).then(
      () => 'answered',
      () => 'cut',
    )
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
    await close(100)
    expect(await answer).toBe('cut')
  })
})
