import type { SavedRun } from './saved-run.ts'

export interface FormatOptions {
  /** Every request instead of the summary, where a format has both. */
  readonly samples: boolean
}

/** Pure. Throws UsageError for what the run does not hold, such as the samples of a result file. */
export type RenderRun = (run: SavedRun, options: FormatOptions) => Rendered | Promise<Rendered>

export type Rendered = string | Uint8Array<ArrayBuffer>

/** One way to write a run. Its file is loaded when it is asked for: `--help` waits for no encoder. */
export interface RunFormat {
  /** What it is, in a few words; help lists them. */
  readonly help: string
  /** Bytes and no text, so it needs a file. */
  readonly binary?: boolean
  /** Takes the result of a probe too, which has gates and no latencies worth a table. */
  readonly probes?: boolean
  /** Has rows of requests beside its summary. */
  readonly samples?: boolean
  /** Takes the result of a capacity search too, which has trials and no run. */
  readonly capacities?: boolean
  readonly load: () => Promise<{ readonly render: RenderRun }>
}
