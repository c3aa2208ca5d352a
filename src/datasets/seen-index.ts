/**
 * Remembers texts by a 64-bit hash and the number of the row they came with: 12 bytes a slot instead of the text, so
 * that a million ids take 24 MB at most. Two different texts are taken for one with a chance of 3 in 100 million
 * among a million of them.
 */
export class SeenIndex {
  #high = new Uint32Array(1024)
  #low = new Uint32Array(1024)
  /** Row numbers from 1; 0 marks a free slot. */
  #rows = new Uint32Array(1024)
  #size = 0

  /** The row that had this text before; undefined, and `row` noted, where none had. */
  note(text: string, row: number): number | undefined {
    const [high, low] = hash64(text)
    const slot = this.#slotOf(high, low)
    const earlier = this.#rows[slot] ?? 0
    if (earlier > 0) return earlier
    this.#put(slot, high, low, row)
    this.#size += 1
    // At most half full: probes stay short.
    if (this.#size * 2 > this.#rows.length) this.#grow()
    return undefined
  }

  #slotOf(high: number, low: number): number {
    const mask = this.#rows.length - 1
    let slot = low & mask
    while (this.#rows[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low)) {
      slot = (slot + 1) & mask
    }
    return slot
  }

  #put(slot: number, high: number, low: number, row: number): void {
    this.#high[slot] = high
    this.#low[slot] = low
    this.#rows[slot] = row
  }

  #grow(): void {
    const [high, low, rows] = [this.#high, this.#low, this.#rows]
    const length = rows.length * 2
    this.#high = new Uint32Array(length)
    this.#low = new Uint32Array(length)
    this.#rows = new Uint32Array(length)
    for (const [slot, row] of rows.entries()) {
      if (row === 0) continue
      const [one = 0, other = 0] = [high[slot], low[slot]]
      this.#put(this.#slotOf(one, other), one, other, row)
    }
  }
}

/** Two 32-bit halves, each mixed as MurmurHash3 mixes its last block. */
function hash64(text: string): readonly [high: number, low: number] {
  let one = 0xdeadbeef ^ text.length
  let other = 0x41c6ce57 ^ text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    one = Math.imul(one ^ unit, 0x9e3779b1)
    other = Math.imul(other ^ unit, 0x5f356495)
    // A multiplication moves bits up only; without this the low halves would hang together.
    one ^= one >>> 15
    other ^= other >>> 13
  }
  return [finish(one ^ (other >>> 7)), finish(other ^ (one << 9))]
}

function finish(half: number): number {
  let mixed = Math.imul(half ^ (half >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
