import { createHash } from 'node:crypto'
import type { Prompt } from '../../model/prompt.ts'

/** 64 bits of SHA-256, hexadecimal: tells texts apart without keeping them. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Of what a row asks for, whatever the run adds to it. */
export function promptDigest({ text, messages }: Prompt): string {
  return digest(JSON.stringify([text, messages]))
}
