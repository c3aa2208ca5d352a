import { readFile } from 'node:fs/promises'

export interface PageFile {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html'],
  '/page.js': ['page.js', 'text/javascript'],
  '/page.css': ['page.css', 'text/css'],
}

/** Nothing inline, nothing from elsewhere, nothing sent elsewhere: a prompt that got into the page could do nothing. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

/** The file of the page at a path, or undefined where there is none. */
export async function readPageFile(path: string): Promise<PageFile | undefined> {
  const [file, type] = (Object.hasOwn(FILES, path) ? FILES[path] : undefined) ?? []
  if (file === undefined) return undefined
  const body = await readFile(new URL(file, import.meta.url), 'utf8')
  return {
    headers: { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': POLICY },
    body,
  }
}
