import { type FormatName, RUN_FORMATS } from './index.ts'
import type { FormatOptions, Rendered, RunFormat } from './run-format.ts'
import type { SavedRun } from './saved-run.ts'

/** A run in this format. Throws UsageError for what the run does not hold. */
export async function formatRun(
  run: SavedRun,
  name: FormatName,
  options: FormatOptions = { samples: false },
): Promise<Rendered> {
  const { load }: RunFormat = RUN_FORMATS[name]
  const { render } = await load()
  return render(run, options)
}
