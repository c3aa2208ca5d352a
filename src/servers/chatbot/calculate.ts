const LONGEST = 200

/**
 * The value of an expression of numbers, + - * / and parentheses. Never `eval`: the text comes from a model, and that
 * had it from whoever writes to the app. Throws RangeError with what is wrong.
 */
export function calculate(expression: string): number {
  if (expression.length > LONGEST) throw new RangeError(`longer than ${LONGEST} characters`)
  const tokens = expression.match(/\d+(?:\.\d+)?|[^\s\d]/g) ?? []
  const parser = new Parser(tokens)
  const value = parser.sum()
  parser.end()
  if (!Number.isFinite(value)) throw new RangeError('the result is not a number')
  return value
}

/** Recursive descent: a sum of products of values. The length limit bounds the depth. */
class Parser {
  private position = 0
  private readonly tokens: readonly string[]

  constructor(tokens: readonly string[]) {
    this.tokens = tokens
  }

  sum(): number {
    let value = this.product()
    for (;;) {
      if (this.take('+')) value += this.product()
      else if (this.take('-')) value -= this.product()
      else return value
    }
  }

  end(): void {
    const rest = this.tokens[this.position]
    if (rest !== undefined) throw new RangeError(`${JSON.stringify(rest)} is not expected here`)
  }

  private product(): number {
    let value = this.value()
    for (;;) {
      if (this.take('*')) value *= this.value()
      else if (this.take('/')) value /= this.value()
      else return value
    }
  }

  private value(): number {
    if (this.take('-')) return -this.value()
    if (this.take('(')) {
      const value = this.sum()
      if (!this.take(')')) throw new RangeError('a parenthesis is not closed')
      return value
    }
    const token = this.tokens[this.position]
    if (token === undefined || !/^\d/.test(token)) throw new RangeError('a number is missing')
    this.position += 1
    return Number(token)
  }

  private take(token: string): boolean {
    if (this.tokens[this.position] !== token) return false
    this.position += 1
    return true
  }
}
