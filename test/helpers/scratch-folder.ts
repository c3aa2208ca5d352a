import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

export interface ScratchFolder {
  readonly path: string
  /** Writes a file, its folders too, and gives back its path; anything but text and bytes is written as JSON. */
  readonly write: (name: string, content: unknown) => string
}

/** A folder for the tests of a file, gone after them. */
export function scratchFolder(): ScratchFolder {
  const path = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
  afterAll(() => rmSync(path, { recursive: true }))
  return {
    path,
    write: (name, content) => {
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true })
      const plain = typeof content === 'string' || content instanceof Uint8Array
      writeFileSync(file, plain ? content : JSON.stringify(content))
      return file
    },
  }
}
