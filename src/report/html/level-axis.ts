import { type Level, sameLevel } from '../../model/level.ts'

/** The level on an axis: `10`, or `20/s`. */
export function levelTick({ concurrency, rate }: Level): string {
  return rate === undefined ? String(concurrency) : `${rate}/s`
}

export function levelAxis(levels: readonly Level[]): string {
  return levels.some(({ rate }) => rate !== undefined) ? 'arrivals a second' : 'requests in flight'
}

/** Each level once, in the order in which they ran. */
export function levelsOf(all: readonly { readonly level: Level }[]): Level[] {
  return all
    .map(({ level }) => level)
    .filter((level, index, each) => each.findIndex((one) => sameLevel(one, level)) === index)
}
