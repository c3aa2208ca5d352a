import { UsageError } from '../model/usage-error.ts'
import { parseUserRule, type UserRule } from '../verdict/user-rules.ts'

/** The rules of `--blocked-when`. Throws UsageError that names the flag. */
export function readUserRules(texts: readonly string[]): UserRule[] {
  return texts.map((text) => {
    try {
      return parseUserRule(text)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      throw new UsageError(`--blocked-when: ${error.message.replace(/^--blocked-when:? ?/, '')}`)
    }
  })
}
