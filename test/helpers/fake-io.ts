import type { Io } from '../../src/cli/io.ts'

export interface FakeIo {
  readonly io: Io
  readonly output: { stdout: string; stderr: string }
}

/** An Io that keeps what is printed. */
export function fakeIo(workingDirectory: string): FakeIo {
  const output = { stdout: '', stderr: '' }
  const io: Io = {
    stdout: (text) => {
      output.stdout += text
    },
    stderr: (text) => {
      output.stderr += text
    },
    env: {},
    workingDirectory,
    terminal: false,
    columns: () => 80,
    onInterrupt: () => () => {},
    onHangup: () => () => {},
    onInputEnd: () => () => {},
    quit: () => {},
  }
  return { io, output }
}
