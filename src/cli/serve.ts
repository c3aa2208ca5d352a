import { EXIT_CODES } from '../model/exit-code.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Io } from './io.ts'

interface Running {
  readonly url: string
  close(): Promise<void>
}

/** Starts a server, says where it listens, and stops it in order on a signal (or when the input ends). */
export async function serve(
  start: () => Promise<Running>,
  listen: { readonly host: string; readonly port: number; readonly stopWithParent: boolean },
  io: Io,
): Promise<number> {
  const server = await start().catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error
    throw new UsageError(
      `--host ${listen.host} --port ${listen.port} cannot be listened on (${code}); choose another, or --port 0 for a free one`,
    )
  })
  io.stdout(`listening on ${server.url}\n`)
  const releases: (() => void)[] = []
  await new Promise<void>((resolve) => {
    let asked = 0
    const release = io.onInterrupt(() => {
      asked += 1
      if (asked > 1) io.quit(EXIT_CODES.interrupted.code)
      resolve()
    })
    releases.push(release)
    if (listen.stopWithParent) releases.push(io.onInputEnd(resolve))
  })
  await server.close()
  // An input that is still listened to would keep the process.
  for (const release of releases) release()
  return EXIT_CODES.ok.code
}
