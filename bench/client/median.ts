import { quantile, sortSample } from '../../src/stats/quantile.ts'

export function median(values: readonly number[]): number | undefined {
  return quantile(sortSample(values), 0.5)
}
