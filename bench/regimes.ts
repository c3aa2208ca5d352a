/**
 * How often a change of regime is found where there is none, and how often and how exactly where there is one, over
 * seeded series. Each value is `phi` times the one before plus noise; heights are in standard deviations of the series.
 * Prints the tables of docs/replay.md: npx tsx bench/regimes.ts [series of each kind, 200]
 */
import { drawNormal } from '../src/stats/distribution.ts'
import { findLevelChanges } from '../src/stats/level-changes.ts'
import { quantile, sortSample } from '../src/stats/quantile.ts'
import { createRandom, type Random } from '../src/stats/random.ts'

const SERIES = Number(process.argv[2] ?? 200)
const LENGTHS = [200, 1000, 4000]

interface Kind {
  readonly name: string
  readonly phi: number
  /** Independent noise on top, in standard deviations. */
  readonly noise?: number
  /** Added from a place, 0 to 1, up to the next. */
  readonly levels?: readonly (readonly [from: number, height: number])[]
}

const CALM: readonly Kind[] = [
  ...[0, 0.3, 0.6, 0.9, 0.95].map((phi) => ({ name: `phi ${phi}`, phi })),
  { name: 'phi 0.99, under noise of 2', phi: 0.99, noise: 2 },
]

const STEPPED: readonly Kind[] = [
  { name: 'phi 0, step of 1', phi: 0, levels: [[0.4, 1]] },
  { name: 'phi 0.6, step of 2', phi: 0.6, levels: [[0.4, 2]] },
  { name: 'phi 0.9, step of 2', phi: 0.9, levels: [[0.4, 2]] },
  {
    name: 'phi 0, 1.5 up and back',
    phi: 0,
    levels: [
      [1 / 3, 1.5],
      [2 / 3, 0],
    ],
  },
  { name: 'phi 0, after a tenth 3 down', phi: 0, levels: [[0.1, -3]] },
]

function seriesOf({ phi, noise = 0, levels = [] }: Kind, length: number, random: Random) {
  const values = new Float64Array(length)
  let state = drawNormal(random)
  for (let index = 0; index < length; index += 1) {
    const level = levels.findLast(([from]) => index / length >= from)?.[1] ?? 0
    const above = noise === 0 ? 0 : noise * drawNormal(random)
    values[index] = state + above + level
    state = phi * state + Math.sqrt(1 - phi ** 2) * drawNormal(random)
  }
  return values
}

/** Where changes are found in each of the series. */
function changesOf(kind: Kind, length: number): number[][] {
  return Array.from({ length: SERIES }, (_, seed) => {
    const values = seriesOf(kind, length, createRandom(`${seed}/${kind.name}/${length}`))
    return findLevelChanges(values, createRandom(seed)).changes.map(({ at }) => at)
  })
}

function percent(count: number): string {
  return `${((100 * count) / SERIES).toFixed(1)} %`
}

function flaggedCell(kind: Kind, length: number): string {
  return percent(changesOf(kind, length).filter((changes) => changes.length > 0).length)
}

/** Share with all changes and no other, and how far off they are in the median. */
function foundCell(kind: Kind, length: number): string {
  const truth = (kind.levels ?? []).map(([from]) => Math.ceil(from * length))
  const right = changesOf(kind, length).filter((changes) => changes.length === truth.length)
  const errors = right.flatMap((changes) =>
    changes.map((at, index) => Math.abs(at - (truth[index] ?? 0))),
  )
  const error = quantile(sortSample(errors), 0.5)
  return error === undefined ? percent(0) : `${percent(right.length)}, ${error} off`
}

function print(title: string, kinds: readonly Kind[], cell: (kind: Kind, n: number) => string) {
  console.log(`| ${title} | ${LENGTHS.map((length) => `${length} values`).join(' | ')} |`)
  console.log(`|---|${LENGTHS.map(() => '---:').join('|')}|`)
  for (const kind of kinds) {
    console.log(`| ${kind.name} | ${LENGTHS.map((length) => cell(kind, length)).join(' | ')} |`)
  }
  console.log('')
}

console.log(`${SERIES} series of each kind\n`)
print('no change: share in which one is found', CALM, flaggedCell)
print('change: share in which all are found and no other', STEPPED, foundCell)
