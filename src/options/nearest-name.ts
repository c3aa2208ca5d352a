/** The one of `names` that is nearest to what was written; undefined where none is near. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(written.toLowerCase(), name) }))
    .toSorted((one, other) => one.distance - other.distance)
  const [best] = ranked
  return best !== undefined && best.distance <= Math.max(2, best.name.length / 3)
    ? best.name
    : undefined
}

/** Least number of letters to insert, leave out, exchange or swap with the next (Damerau 1964). */
function editDistance(one: string, other: string): number {
  // A key of a thousand letters is near to nothing.
  if (Math.abs(one.length - other.length) > other.length) return Infinity
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)]
  for (let row = 1; row <= one.length; row += 1) {
    const [earlier, before] = [rows[row - 2], rows[row - 1]]
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1]
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        at(before, column - 1) + (same ? 0 : 1),
        at(before, column) + 1,
        at(current, column - 1) + 1,
        swapped ? at(earlier, column - 2) + 1 : Infinity,
      )
    }
    rows.push(current)
  }
  return at(rows.at(-1), other.length)
}

function at(row: readonly number[] | undefined, column: number): number {
  return row?.[column] ?? Infinity
}
