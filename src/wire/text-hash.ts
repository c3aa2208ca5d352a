const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193
/** Keeps reasoning apart from content of the same letters. */
const REASONING_SALT = 0x10000

/** Tells texts apart without keeping them, fed in pieces of any size. */
export class TextHash {
  /** FNV-1a, 32 bits, over UTF-16 units. */
  ordered = FNV_OFFSET
  /** A sum over the units: the same for every order of the same letters. */
  unordered = 0

  addContent(text: string): void {
    this.add(text, 0)
  }

  addReasoning(text: string): void {
    this.add(text, REASONING_SALT)
  }

  private add(text: string, salt: number): void {
    let { ordered, unordered } = this
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index) + salt
      ordered = Math.imul(ordered ^ unit, FNV_PRIME) >>> 0
      unordered = (unordered + scramble(unit)) >>> 0
    }
    this.ordered = ordered
    this.unordered = unordered
  }
}

/** Spreads neighbouring numbers over 32 bits (the finisher of MurmurHash3), so that sums of letters rarely agree. */
function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
