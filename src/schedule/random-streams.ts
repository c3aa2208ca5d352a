import { createRandom, type Random } from '../stats/random.ts'

/**
 * Sources of a run by name: the same seed and key give the same numbers, in whichever thread, so that what is drawn
 * need not be sent around.
 */
export function randomStreams(seed: number): (key: string) => Random {
  return (key) => createRandom(`${seed}/${key}`)
}
