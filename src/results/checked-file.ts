import type { z } from 'zod'
import { UsageError } from '../model/usage-error.ts'

/**
 * The object in a text whose first key is `key`; undefined for any other text. Looked for at its beginning alone, so
 * that a result file of many samples is not parsed a second time.
 */
export function markedJson(text: string, key: string): object | undefined {
  if (!text.slice(0, 200).includes(`"${key}"`)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && key in value ? value : undefined
  } catch {
    return undefined
  }
}

interface FileKind<S extends z.ZodType> {
  /** Where the file has its version. */
  readonly key: string
  /** The newest version that is read. */
  readonly newest: number
  readonly schema: S
}

/** The file's content, checked. Throws UsageError, naming `path` and the first place that is not as it should be. */
export function checkedFile<S extends z.ZodType>(
  path: string,
  value: object,
  { key, newest, schema }: FileKind<S>,
): z.infer<S> {
  const version: unknown = (value as Readonly<Record<string, unknown>>)[key]
  if (typeof version !== 'number' || version > newest) {
    throw new UsageError(
      `${path} is of ${key.replace('_', ' ')} ${JSON.stringify(version)}, and this program reads up to ${newest}; use a newer llmtrace-bench`,
    )
  }
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new UsageError(
    `${path} is damaged at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unreadable'}; give a file as --output-json wrote it`,
  )
}
