import { appendFile, stat } from 'node:fs/promises'
import { MOST_SUMMARY_BYTES } from '../report/job-summary.ts'
import type { Io } from './io.ts'

/** Where GitHub Actions takes a step's summary from. */
export const SUMMARY_VARIABLE = 'GITHUB_STEP_SUMMARY'

/**
 * Appends a page to the summary of the job that this runs in; does nothing elsewhere. `page` is made for the bytes that
 * are left: what is there already counts, and a summary that is too long is refused as a whole.
 */
export async function appendJobSummary(
  page: (mostBytes: number) => string | Promise<string>,
  io: Io,
): Promise<void> {
  const path = io.env[SUMMARY_VARIABLE]
  if (path === undefined || path === '') return
  try {
    const used = await stat(path).then(
      ({ size }) => size,
      () => 0,
    )
    const text = await page(MOST_SUMMARY_BYTES - used)
    if (text !== '') await appendFile(path, text)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    io.stderr(`Warning: ${SUMMARY_VARIABLE} ${path} could not be written (${code})\n`)
  }
}
