import type { FindingsSourceName } from '../model/findings.ts'
import type { FindingsSource } from './findings-source.ts'
import { llmtrace } from './llmtrace.ts'

/** Every product whose findings can be read, by the name that `--findings` takes. */
export const FINDINGS_SOURCES: Readonly<Record<FindingsSourceName, FindingsSource>> = { llmtrace }
