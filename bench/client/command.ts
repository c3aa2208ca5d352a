import { spawn } from 'node:child_process'

/** Runs a command to its end, at most `limitMs`; rejects with what it printed when it fails or is not there. */
export function runCommand(
  command: string,
  args: readonly string[],
  limitMs = 60_000,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs })
    let output = ''
    const take = (piece: Buffer) => {
      output += piece.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${command} ended with ${signal ?? `code ${code}`}: ${output.trim()}`))
    })
  })
}

/** Whether a command can be started at all, whatever it answers. */
export async function isInstalled(command: string): Promise<boolean> {
  return runCommand(command, ['-v'], 5000).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  )
}
