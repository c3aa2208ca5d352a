import { createHash } from 'node:crypto'
import type { Adapter } from './adapters/adapter.ts'
import { corpusStats } from './corpus-stats.ts'
import type { Imported } from './finish-drafts.ts'
import { PROVENANCE_SUFFIX } from './suites.ts'

interface ImportFacts {
  readonly adapter: Adapter
  readonly imported: Imported
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  /** Of the file written. */
  readonly text: string
  readonly licenceText: string | undefined
  /** ISO 8601, UTC. */
  readonly importedAt: string
  readonly version: string
}

/** The notes beside an imported file: where it comes from, under which licence, and what became of it. */
export function provenanceOf(facts: ImportFacts): Record<string, unknown> {
  const { adapter, imported, files, text, licenceText } = facts
  const { rows, labels } = corpusStats(imported.prompts)
  return {
    adapter: adapter.name,
    home: adapter.home,
    licence: adapter.licence,
    licenceText: licenceText ?? null,
    importedAt: facts.importedAt,
    tool: `llmtrace-bench ${facts.version}`,
    rows,
    ...labels,
    duplicatesRemoved: imported.removed,
    labelConflicts: imported.conflicts.length,
    leftOut: imported.leftOut,
    sha256: sha256(text),
    files: files.map(({ name, bytes }) => ({
      name,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
  }
}

/** `x.json` and `x.jsonl` have their notes in `x.provenance.json`. */
export function provenancePath(out: string): string {
  return out.replace(/\.jsonl?$/, '') + PROVENANCE_SUFFIX
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
