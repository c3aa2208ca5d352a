import { writeSync } from 'node:fs'
import type { Io } from './io.ts'

/** The real process. Output is written at once, so that a log shows progress and an exit loses nothing. */
export function processIo(): Io {
  return {
    stdout: (text) => writeAll(1, text),
    stderr: (text) => writeAll(2, text),
    env: process.env,
    workingDirectory: process.cwd(),
    terminal: process.stderr.isTTY,
    columns: () => process.stderr.columns ?? 80,
    onInterrupt: (listener) => {
      process.on('SIGINT', listener)
      process.on('SIGTERM', listener)
      return () => {
        process.off('SIGINT', listener)
        process.off('SIGTERM', listener)
      }
    },
    onHangup: (listener) => {
      process.on('SIGHUP', listener)
      return () => process.off('SIGHUP', listener)
    },
    onInputEnd: (listener) => {
      process.stdin.on('end', listener)
      process.stdin.on('error', listener)
      process.stdin.resume()
      return () => {
        process.stdin.off('end', listener)
        process.stdin.pause()
      }
    },
    quit: (code) => process.exit(code),
  }
}

/** A reader that went away (`| head`) is no reason to lose the run; a full pipe is waited for. */
function writeAll(descriptor: number, text: string): void {
  let bytes = Buffer.from(text)
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
