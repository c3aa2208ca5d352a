import { fork } from 'node:child_process'

const LIMIT_MS = 120_000

/** What a worker does, as both sides of the channel know it. */
type Work = (task: never) => Promise<object>

/**
 * Runs a worker module in a process of its own: hands it the task, takes its result. The process inherits tsx from
 * ours, and ends with its answer, with our end, or at the time limit.
 */
export function runWorker<W extends Work>(
  module: URL,
  task: Parameters<W>[0] & object,
): Promise<Awaited<ReturnType<W>>> {
  return new Promise((resolve, reject) => {
    const child = fork(module, { timeout: LIMIT_MS })
    let result: Awaited<ReturnType<W>> | undefined
    child.once('message', (message) => {
      result = message as Awaited<ReturnType<W>>
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (result !== undefined) resolve(result)
      else reject(new Error(`${module.pathname} gave no result (${signal ?? `exit code ${code}`})`))
    })
    child.send(task)
  })
}

/** The worker's side of `runWorker`. */
export function answerTask(work: Work): void {
  process.once('disconnect', () => process.exit(1))
  process.once('message', (task) => {
    void work(task as never).then(
      (result) => process.send?.(result, () => process.exit(0)),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}
