/** Numbers a slot: two halves of a hash and a row number. Side by side, so that a look-up misses the cache once. */
const STRIDE = 3

/**
 * Remembers texts by a 64-bit hash and the number of the row they came with: 12 bytes a slot instead of the text, so
 * that a million ids take 25 MB. Two different texts are taken for one with a chance of 3 in 100 million among a
 * million of them.
 */
export class SeenIndex {
  /** Row numbers count from 1; 0 marks a free slot. */
  #slots = new Uint32Array(1024 * STRIDE)
  #mask = 1023
  #size = 0
  #high = 0
  #low = 0

  /** The row that had this text before; undefined, and `row` noted, where none had. */
  note(text: string, row: number): number | undefined {
    this.#hash(text)
    const place = this.#find(this.#high, this.#low)
    const earlier = this.#slots[place + 2] ?? 0
    if (earlier > 0) return earlier
    this.#put(place, this.#high, this.#low, row)
    this.#size += 1
    if (this.#size > this.#mask * 0.7) this.#grow()
    return undefined
  }

  /** Where this hash is, or where it goes. */
  #find(high: number, low: number): number {
    const slots = this.#slots
    let slot = low & this.#mask
    for (;;) {
      const place = slot * STRIDE
      if (slots[place + 2] === 0 || (slots[place] === high && slots[place + 1] === low)) {
        return place
      }
      slot = (slot + 1) & this.#mask
    }
  }

  #put(place: number, high: number, low: number, row: number): void {
    this.#slots[place] = high
    this.#slots[place + 1] = low
    this.#slots[place + 2] = row
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    this.#mask = this.#mask * 2 + 1
    for (let place = 0; place < old.length; place += STRIDE) {
      const [high = 0, low = 0, row = 0] = [old[place], old[place + 1], old[place + 2]]
      if (row > 0) this.#put(this.#find(high, low), high, low, row)
    }
  }

  /** Two halves, each mixed as MurmurHash3 mixes its last block; into fields, because it runs once a row. */
  #hash(text: string): void {
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
    this.#high = finish(one ^ (other >>> 7))
    this.#low = finish(other ^ (one << 9))
  }
}

function finish(half: number): number {
  let mixed = Math.imul(half ^ (half >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
