import { readFile } from 'node:fs/promises'
import { parseSavedRun, type SavedRun } from '../formats/saved-run.ts'
import { UsageError } from '../model/usage-error.ts'

/** Reads a saved run of either kind. Throws UsageError. */
export async function openSavedRun(path: string): Promise<SavedRun> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(
      `${path} cannot be read (${code}); give a file of --run-file or --output-json`,
    )
  })
  return parseSavedRun(path, bytes)
}
