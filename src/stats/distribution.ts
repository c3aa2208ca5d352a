import type { Random } from './random.ts'

/** Standard normal (Box and Muller 1958; one of the pair is used, so that each draw takes two uniforms). */
export function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return radius * Math.cos(2 * Math.PI * random())
}

/** Lognormal with this median; `sigma` is the standard deviation of the logarithm. */
export function drawLognormal(random: Random, median: number, sigma: number): number {
  return median * Math.exp(sigma * drawNormal(random))
}

/** Gamma with this mean and shape >= 1 or below (Marsaglia and Tsang 2000, with their boost for shapes under 1). */
export function drawGamma(random: Random, mean: number, shape: number): number {
  const scale = mean / shape
  if (shape < 1) return scale * standardGamma(random, shape + 1) * (1 - random()) ** (1 / shape)
  return scale * standardGamma(random, shape)
}

function standardGamma(random: Random, shape: number): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = drawNormal(random)
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    const u = 1 - random()
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}
