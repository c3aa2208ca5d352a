import type { Answer } from './answer.ts'

/** Only the beginning: further on, the same words are about something else. */
const BEGINNING = 200

const DECLINES = [
  /^(?:i['’]?m|i am)?\s*(?:really |very |so )?sorry\b[^.!?\n]{0,40}\b(?:i\s?)?(?:can['’]?t|cannot|can not|won['’]?t|am unable|['’]m unable|am not able|['’]m not able)\b/i,
  /^(?:unfortunately,? |sorry,? )?(?:but )?i(?:['’]m| am)?\s+(?:can['’]?t|cannot|can not|won['’]?t|will not|unable to|not able to|must decline to|have to decline to)\s+(?:help|assist|comply|provide|do|fulfil|fulfill|continue|discuss|create|support|share|reveal|disclose|ignore|follow|engage|participate|respond|answer)\b/i,
]

/**
 * Whether the model itself declined, by the field for it or by how it begins. English only, and a guess where it is
 * prose: it is reported beside the verdict and never counts as a block.
 */
export function declines({ refusal, content }: Answer): boolean {
  if (refusal.trim() !== '') return true
  const beginning = content.trimStart().slice(0, BEGINNING)
  return DECLINES.some((pattern) => pattern.test(beginning))
}
