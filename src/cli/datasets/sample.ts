import { resolve } from 'node:path'
import { rowsText } from '../../datasets/rows-text.ts'
import { samplePrompts } from '../../datasets/sample.ts'
import { EXIT_CODES } from '../../model/exit-code.ts'
import { UsageError } from '../../model/usage-error.ts'
import type { DatasetsCall } from './call.ts'
import { loadChosen } from './chosen-files.ts'
import { prepareOut, writeRows } from './write-output.ts'

/** `datasets sample N [FILE...]`: as rows on standard output, or in `--out`. */
export async function sample(call: DatasetsCall): Promise<number> {
  const { operands, options, io } = call
  const [count = '', ...files] = operands
  const size = /^\d+$/.test(count) ? Number(count) : 0
  if (size < 1) {
    throw new UsageError(
      `datasets sample: ${JSON.stringify(count)} is not a number of rows; give one of at least 1`,
    )
  }
  const out = options.out === undefined ? undefined : resolve(io.workingDirectory, options.out)
  if (out !== undefined) await prepareOut(out)
  const { prompts } = await loadChosen(files, call)
  const chosen = samplePrompts(prompts, { size, seed: options.seed, balanced: options.balanced })
  if (out === undefined) io.stdout(rowsText(chosen))
  else {
    await writeRows(out, chosen)
    io.stdout(`${chosen.length} of ${prompts.length} rows written to ${options.out}\n`)
  }
  return EXIT_CODES.ok.code
}
