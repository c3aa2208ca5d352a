const DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** Numbers the reasons of a table as they come: equal ones share a number. */
export class Footnotes {
  private readonly reasons: string[] = []

  /** The mark of a reason, such as `¹`. */
  mark(reason: string): string {
    const known = this.reasons.indexOf(reason)
    if (known === -1) this.reasons.push(reason)
    return superscript(known === -1 ? this.reasons.length : known + 1)
  }

  /** `¹ need >= 4 rounds`, line by line; empty without any. */
  lines(): string[] {
    return this.reasons.map((reason, index) => `${superscript(index + 1)} ${reason}`)
  }
}

function superscript(number: number): string {
  return Array.from(String(number), (digit) => DIGITS[Number(digit)]).join('')
}
