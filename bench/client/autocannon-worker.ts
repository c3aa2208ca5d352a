import autocannon from 'autocannon'
import { answerTask } from './worker.ts'
import { BODY, HEADERS, type PlayTurn } from './workload.ts'

const play: PlayTurn = async ({ url, inFlight, warmUpMs, durationMs }) => {
  const run = (milliseconds: number) =>
    autocannon({
      url,
      method: 'POST',
      headers: Object.fromEntries(HEADERS),
      body: BODY,
      connections: inFlight,
      pipelining: 1,
      duration: milliseconds / 1000,
      // It looks at the clock once a sample.
      sampleInt: 100,
    })
  await run(warmUpMs)
  const cpuBefore = process.cpuUsage()
  const result = await run(durationMs)
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    ok: result['2xx'],
    durationMs: result.duration * 1000,
    cpuMs: (user + system) / 1000,
    notOk: result.non2xx + result.errors,
  }
}

answerTask(play)
