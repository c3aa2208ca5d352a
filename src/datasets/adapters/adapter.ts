import type { Label, PromptMessage } from '../../model/prompt.ts'

/**
 * What a malicious row of a set is about. Kept in `metadata.threat`, so that prompts for harmful content, which test
 * moderation, do not mix into the rates of injections by accident. `none` is for sets of benign rows only.
 */
export type Threat = 'injection' | 'jailbreak' | 'harm' | 'dlp' | 'none'

/** A file as parsed by its format: the records of a table, or whatever a JSON or YAML file holds. */
export interface SourceFile {
  /** Without its folder. */
  readonly name: string
  /** The folder that it is in, without those above: some sets tell their parts by it. */
  readonly folder: string
  readonly value: unknown
}

/** A row as an adapter makes it, without what every import adds. */
export interface Draft {
  readonly text: string
  readonly label: Label
  /** What the set calls the row; without one the row is known by a hash of what it sends. */
  readonly nativeId?: string | number | undefined
  readonly category?: string | undefined
  readonly subcategory?: string | undefined
  readonly difficulty?: number | undefined
  readonly language?: string | undefined
  /** Anything that the two of a pair have in common, and only they. */
  readonly pairId?: string | undefined
  readonly messages?: readonly PromptMessage[] | undefined
  readonly expect?: unknown
  /** Entries that are undefined or empty are left out. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** Where it differs from the adapter's. */
  readonly threat?: Threat | undefined
}

export interface ImportSettings {
  /** For adapters that place attacks in texts. */
  readonly seed: number
  /** For the generic adapter: our field to theirs. */
  readonly map: Readonly<Record<string, string>>
  /** For the generic adapter: their label to ours. */
  readonly labelMap: Readonly<Record<string, string>>
}

/** Knows the format of one public set. */
export interface Adapter {
  readonly name: string
  /** The files to give it. */
  readonly reads: string
  /** Where they are to be had. */
  readonly home: string
  /** As the set states it; what it allows is for who imports to judge. */
  readonly licence: string
  readonly threat: Threat
  /** Rows; for a record that gives none, the reason. Throws UsageError for files that are not of the set. */
  readonly convert: (
    files: readonly SourceFile[],
    settings: ImportSettings,
  ) => Iterable<Draft | string>
}
