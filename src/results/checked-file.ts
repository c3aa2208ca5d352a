import type { z } from 'zod'
import { UsageError } from '../model/usage-error.ts'

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
