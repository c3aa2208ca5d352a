/** The rank of each value from 1 up, equal values sharing the mean of theirs. */
export function midRanks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).toSorted(
    (one, other) => (values[one] ?? 0) - (values[other] ?? 0),
  )
  const ranks = new Float64Array(values.length)
  let start = 0
  while (start < order.length) {
    const value = values[order[start] ?? 0]
    let end = start + 1
    while (end < order.length && values[order[end] ?? 0] === value) end += 1
    // Equal values hold the ranks from start + 1 to end.
    for (let position = start; position < end; position += 1) {
      ranks[order[position] ?? 0] = (start + 1 + end) / 2
    }
    start = end
  }
  return ranks
}

/** Each value's rank minus the mean rank: they sum to 0, whatever the distribution. */
export function centredRanks(values: Float64Array): Float64Array {
  return midRanks(values).map((rank) => rank - (values.length + 1) / 2)
}
