import { UsageError } from '../model/usage-error.ts'

/** Reads a flag's text with a parser of another room; its RangeError becomes wrong usage of `flag`. */
export function readFlag<T>(flag: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) {
      throw new UsageError(`${flag}: ${error.message}`)
    }
    throw error
  }
}
