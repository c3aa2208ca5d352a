// Picks the mini suite out of the core corpus; with --check compares it with the file instead.
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { createRandom } from '../../src/stats/random.ts'

interface Row {
  readonly id: string
  readonly text: string
  readonly label: string
  readonly category: string
  readonly subcategory: string
  readonly messages?: readonly unknown[]
}

const CORE = new URL('../../benchmarks/datasets/', import.meta.url)
const SUITE = new URL('../../benchmarks/suites/mini.json', import.meta.url)
const LABELS = ['malicious', 'benign']
const ROWS_PER_LABEL = 60
const LEAST_PER_CATEGORY = 2
/** Characters of the text, and of the messages where a row has some. */
const LONGEST = 4200
const SEED = 'mini-1'

async function loadCore(): Promise<Row[]> {
  const files = (await readdir(CORE)).filter((file) => file.endsWith('.json')).toSorted()
  const contents = await Promise.all(files.map((file) => readFile(new URL(file, CORE), 'utf8')))
  return contents.flatMap((content) => JSON.parse(content) as readonly Row[])
}

function groupBy(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row])
  return groups
}

function fits({ text, messages }: Row): boolean {
  return text.length <= LONGEST && JSON.stringify(messages ?? []).length <= LONGEST
}

/**
 * How many rows each category gives: the least for each, then one seat after the other to the highest quotient of
 * Sainte-Lague. A category gives no more than it has of rows that fit, which may be none (the long contexts).
 */
function shareOut(categories: ReadonlyMap<string, readonly Row[]>): Map<string, number> {
  const shares = [...categories].map(([category, rows]) => {
    const available = rows.filter(fits).length
    return {
      category,
      size: rows.length,
      available,
      seats: Math.min(LEAST_PER_CATEGORY, available),
    }
  })
  const taken = () => shares.reduce((sum, { seats }) => sum + seats, 0)
  while (taken() < ROWS_PER_LABEL) {
    const quotient = (share: { size: number; seats: number }) => share.size / (2 * share.seats + 1)
    const [next] = shares
      .filter(({ seats, available }) => seats < available)
      .toSorted((one, other) => quotient(other) - quotient(one))
    if (next === undefined) throw new RangeError(`fewer than ${ROWS_PER_LABEL} rows fit into mini`)
    next.seats += 1
  }
  return new Map(shares.map(({ category, seats }) => [category, seats]))
}

/**
 * `count` rows, one of each subcategory before a second of any. A row's place depends on the seed and its own id alone,
 * so that a row added to the corpus moves few others.
 */
function spread(rows: readonly Row[], count: number): Row[] {
  const draw = new Map(rows.map(({ id }) => [id, createRandom(`${SEED}/${id}`)()]))
  const byDraw = (one: Row, other: Row) => (draw.get(one.id) ?? 0) - (draw.get(other.id) ?? 0)
  const ranked = [...groupBy(rows, ({ subcategory }) => subcategory).values()].flatMap((group) =>
    group.toSorted(byDraw).map((row, rank) => ({ row, rank })),
  )
  return ranked
    .toSorted((one, other) => one.rank - other.rank || byDraw(one.row, other.row))
    .slice(0, count)
    .map(({ row }) => row)
}

/** The rows picked, unchanged and in the order of the corpus. */
function pickMini(core: readonly Row[]): Row[] {
  const picked = LABELS.flatMap((label) => {
    const categories = groupBy(
      core.filter((row) => row.label === label),
      ({ category }) => category,
    )
    return [...shareOut(categories)].flatMap(([category, seats]) =>
      spread(categories.get(category)?.filter(fits) ?? [], seats),
    )
  })
  const chosen = new Set(picked)
  return core.filter((row) => chosen.has(row))
}

const wanted = `${JSON.stringify(pickMini(await loadCore()), undefined, 1)}\n`
if (!process.argv.includes('--check')) await writeFile(SUITE, wanted)
else if ((await readFile(SUITE, 'utf8').catch(() => '')) !== wanted) {
  console.error('benchmarks/suites/mini.json is stale: run npx tsx scripts/corpus/build-mini.ts')
  process.exitCode = 1
}
