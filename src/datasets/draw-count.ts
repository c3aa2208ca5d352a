import type { CountSpec } from '../model/count-spec.ts'
import { drawLognormal, drawNormal } from '../stats/distribution.ts'
import { integerBelow, type Random } from '../stats/random.ts'

/** No draw of a distribution with a tail is larger: a prompt of a million tokens is 4 MB already. */
const LARGEST = 1_000_000

/** One whole number of at least 1. */
export function drawCount(spec: CountSpec, random: Random): number {
  return Math.min(LARGEST, Math.max(1, Math.round(draw(spec, random))))
}

function draw(spec: CountSpec, random: Random): number {
  switch (spec.kind) {
    case 'fixed':
      return spec.count
    case 'uniform':
      return spec.low + integerBelow(random, spec.high - spec.low + 1)
    case 'normal':
      return spec.mean + spec.deviation * drawNormal(random)
    case 'lognormal':
      return drawLognormal(random, spec.median, spec.sigma)
  }
}
