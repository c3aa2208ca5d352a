/** Everything of the process that a command may touch, so that tests can hand in their own. */
export interface Io {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly workingDirectory: string
  /** Whether stderr is a terminal, where a line can be written over. */
  readonly terminal: boolean
  /** Width of that terminal now, in characters. */
  readonly columns: () => number
  /** Calls back on each SIGINT or SIGTERM; returns a function that stops listening. */
  readonly onInterrupt: (listener: () => void) => () => void
  /** Calls back on each SIGHUP; returns a function that stops listening. */
  readonly onHangup: (listener: () => void) => () => void
  /** Calls back when standard input ends; returns a function that stops listening. */
  readonly onInputEnd: (listener: () => void) => () => void
  /** Leaves at once. */
  readonly quit: (code: number) => void
}
