import { Pool } from 'undici'
import { answerTask } from './worker.ts'
import { BODY, HEADERS, type PlayTurn } from './workload.ts'

/** undici's fastest interface with nothing around it: no stamps, no record, no time limit. */
const play: PlayTurn = async ({ url, inFlight, warmUpMs, durationMs }) => {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections: inFlight, pipelining: 1 })
  const request = {
    path: pathname,
    method: 'POST',
    headers: HEADERS.flatMap((header) => [...header]),
    body: Buffer.from(BODY),
  } as const
  const counts = { sent: 0, ok: 0 }
  const run = (end: number) =>
    new Promise<void>((resolve) => {
      let active = inFlight
      const next = () => {
        if (performance.now() < end) send()
        else if (--active === 0) resolve()
      }
      const send = () => {
        counts.sent += 1
        let ok = false
        pool.dispatch(request, {
          onRequestStart: () => {},
          onResponseStart: (_controller, status) => {
            ok = status === 200
          },
          onResponseEnd: () => {
            if (ok) counts.ok += 1
            next()
          },
          onResponseError: next,
        })
      }
      for (let index = 0; index < inFlight; index += 1) next()
    })
  await run(performance.now() + warmUpMs)
  const okBefore = counts.ok
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  await run(startedAt + durationMs)
  const measuredMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  await pool.destroy()
  return {
    ok: counts.ok - okBefore,
    durationMs: measuredMs,
    cpuMs: (user + system) / 1000,
    notOk: counts.sent - counts.ok,
    sentInAll: counts.sent,
  }
}

answerTask(play)
