import { drawNormal } from '../../src/stats/distribution.ts'
import { createRandom } from '../../src/stats/random.ts'

/** Standard deviation 1, each value `phi` times the one before plus noise. */
export function wanderingSeries(seed: number | string, length: number, phi: number): Float64Array {
  const random = createRandom(seed)
  const values = new Float64Array(length)
  let state = drawNormal(random)
  for (let index = 0; index < length; index += 1) {
    values[index] = state
    state = phi * state + Math.sqrt(1 - phi ** 2) * drawNormal(random)
  }
  return values
}
