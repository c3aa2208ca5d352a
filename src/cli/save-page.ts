import type { Page } from '../model/page.ts'
import { writeTextFile } from '../results/output-target.ts'
import type { Io } from './io.ts'
import { kept } from './save-result.ts'

/** What draws a page takes 0.4 s to load: only who asks for one waits for it. */
async function pageText(page: Page): Promise<string> {
  const { renderPage } = await import('../report/html/render-page.ts')
  return renderPage(page)
}

/** Writes the file of `--report`, when one is asked for, and says where it is; false when it could not. */
export async function savePage(
  path: string | undefined,
  page: () => Page,
  io: Io,
): Promise<boolean> {
  if (path === undefined) return true
  const built = page()
  const text = await pageText(built)
  const saved = await kept(`--report ${path}`, () => writeTextFile(path, text), io)
  if (saved) io.stdout(`Report: ${path}${built.head.partial ? ' (partial)' : ''}\n`)
  return saved
}
