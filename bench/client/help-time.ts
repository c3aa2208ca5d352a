import { fileURLToPath } from 'node:url'
import { runCommand } from './command.ts'
import { median } from './median.ts'

export interface HelpTime {
  readonly helpMs: number
  /** Node itself, doing nothing. */
  readonly nodeMs: number
}

/** Wall time of `--help` beside that of an empty program, in turns. */
export async function measureHelpTime(runs: number): Promise<HelpTime> {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
  const help: number[] = []
  const node: number[] = []
  for (let run = 0; run < runs; run += 1) {
    help.push(await timeNode([main, '--help']))
    node.push(await timeNode(['-e', '0']))
  }
  return { helpMs: median(help) ?? 0, nodeMs: median(node) ?? 0 }
}

async function timeNode(args: readonly string[]): Promise<number> {
  const startedAt = performance.now()
  await runCommand(process.execPath, args)
  return performance.now() - startedAt
}
