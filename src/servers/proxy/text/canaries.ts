/** Shorter ones would turn up by chance. */
const SHORTEST = 8

/** A text without what a model may put between the letters: case, spaces, punctuation. */
export function normaliseCanary(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** Whether a text is long and odd enough to be a canary. */
export function canBeCanary(text: string): boolean {
  return normaliseCanary(text).length >= SHORTEST
}

/** A word of a system prompt that was planted there: `canary-7f3a`, `CANARY_TOKEN_19`. */
const PLANTED = /\b(?:canary|honeytoken|tripwire)[-_:=][A-Za-z0-9_-]{3,80}/gi

/** The canaries that a system prompt says are some. */
export function plantedCanaries(systemText: string): string[] {
  return Array.from(systemText.matchAll(PLANTED), ([word]) => word).filter((word) =>
    canBeCanary(word),
  )
}
