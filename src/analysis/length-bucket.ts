/** The corpus has quotas for these; each is four times the one before. */
const BOUNDS = [64, 256, 1024, 4096, 16_384] as const

/** Shortest first. */
export const LENGTH_BUCKETS: readonly string[] = [
  `<${BOUNDS[0]}`,
  ...BOUNDS.slice(1).map((bound, index) => `${BOUNDS[index]}-${bound - 1}`),
  `>=${BOUNDS.at(-1)}`,
]

/** The bucket of a text of so many characters, such as `64-255`. */
export function lengthBucket(characters: number): string {
  const index = BOUNDS.findIndex((bound) => characters < bound)
  return LENGTH_BUCKETS.at(index) ?? ''
}
