import { EXIT_CODES } from '../model/exit-code.ts'
import type { Result } from '../model/result.ts'

/** What a complete run ends with: a failed budget outweighs an open one, no success at all outweighs both. */
export function exitCodeOf({
  summaries,
  budgets,
  saved,
  streams,
}: Pick<Result, 'summaries' | 'budgets' | 'streams'> & { readonly saved: boolean }): number {
  if (!saved) return EXIT_CODES.runInvalid.code
  // Streams that were to be cancelled and were are what was asked for.
  const asked = streams?.summaries.some(({ cancelledAsAsked }) => cancelledAsAsked > 0) ?? false
  // A run that was blocked from end to end has been answered.
  const answered = summaries.some(({ ok, blocks }) => ok > 0 || (blocks?.blocked ?? 0) > 0)
  if (!asked && !answered) return EXIT_CODES.runInvalid.code
  if (budgets.some(({ state }) => state === 'FAIL')) return EXIT_CODES.gateFailed.code
  if (budgets.some(({ state }) => state === 'INCONCLUSIVE')) return EXIT_CODES.inconclusive.code
  return EXIT_CODES.ok.code
}
