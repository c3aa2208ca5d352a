import type { JudgedCase } from '../model/detection.ts'
import type { Label } from '../model/prompt.ts'
import type { Verdict } from '../model/verdict.ts'
import { lengthBucket } from './length-bucket.ts'

/** What a dataset says of a prompt, as far as scores look at it. */
export interface LabelledPrompt {
  readonly id: string
  readonly text: string
  readonly label?: Label | undefined
  readonly category?: string | undefined
  readonly subcategory?: string | undefined
  readonly source?: string | undefined
  readonly language?: string | undefined
  readonly pairId?: string | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

/** A prompt with its verdict; undefined for a prompt without a label, which has no truth to be scored against. */
export function judgeCase(
  prompt: LabelledPrompt,
  verdict: Verdict,
  repeat = 0,
): JudgedCase | undefined {
  const { id, text, label, category, subcategory, source, language, pairId, metadata } = prompt
  if (label === undefined) return undefined
  const words = metadata?.['triggerWords']
  return {
    caseId: id,
    label,
    verdict,
    repeat,
    category,
    subcategory,
    source,
    language,
    lengthBucket: lengthBucket(text.length),
    pairId,
    triggerWords: label === 'benign' && Array.isArray(words) ? words.length : undefined,
  }
}
