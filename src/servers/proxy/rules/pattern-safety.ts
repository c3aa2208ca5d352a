/** More than this many ways to match from one position is refused. */
const MOST_WAYS = 10_000
/** An optional sign or a few spaces: too few ways to count. */
const FEW = 4
const MOST_REPEATS = 1000

interface Group {
  /** Whether something in it repeats a varying number of times. */
  variable: boolean
  /** Ways to match its alternative so far, and the most that one before has. */
  ways: number
  most: number
}

const newGroup = (): Group => ({ variable: false, ways: 1, most: 1 })

/**
 * Why an expression could take long on some text; undefined where it cannot: every repeat has an end, none repeats
 * what is itself repeated a varying number of times, and all together allow few ways to match from one position. So the
 * time is at most proportional to the text.
 */
export function patternProblem(source: string): string | undefined {
  const outermost = newGroup()
  const groups: Group[] = [outermost]
  let last = newGroup()
  for (let index = 0; index < source.length; index += 1) {
    const character = source.charAt(index)
    if (character === '\\') {
      if (/[1-9k]/.test(source.charAt(index + 1))) return 'refers back to a group'
      index += escapeLength(source, index)
      last = newGroup()
    } else if (character === '[') {
      index = endOfClass(source, index)
      last = newGroup()
    } else if (character === '(') {
      groups.push(newGroup())
    } else if (character === '|') {
      const group = groups.at(-1) ?? outermost
      group.most = Math.max(group.most, group.ways)
      group.ways = 1
    } else if (character === ')') {
      last = groups.length > 1 ? (groups.pop() ?? newGroup()) : newGroup()
      const outer = groups.at(-1) ?? outermost
      outer.variable ||= last.variable
      outer.ways *= Math.max(last.ways, last.most)
    } else {
      const repeat = repeatAt(source, index)
      if (repeat === undefined) {
        last = newGroup()
        continue
      }
      const problem = repeatProblem(repeat, last)
      if (problem !== undefined) return problem
      index += repeat.length - 1
      if (repeat.most > repeat.least) {
        const group = groups.at(-1) ?? outermost
        const ways = repeat.most - repeat.least + 1
        if (ways > FEW) group.ways *= ways
        group.variable = true
      }
    }
  }
  const ways = Math.max(outermost.ways, outermost.most)
  return ways > MOST_WAYS ? `may match in ${ways} ways from one position` : undefined
}

interface Repeat {
  readonly least: number
  readonly most: number
  readonly length: number
}

function repeatProblem({ least, most }: Repeat, repeated: Group): string | undefined {
  if (most > MOST_REPEATS)
    return 'has a repeat without an end below 1000; give it one, as in {0,60}'
  // An optional group is tried once or not at all.
  if (repeated.variable && most > 1) return 'repeats what is itself repeated'
  return least > most ? 'has a repeat that ends before it begins' : undefined
}

function repeatAt(source: string, index: number): Repeat | undefined {
  const lazy = (length: number) => (source.charAt(index + length) === '?' ? length + 1 : length)
  const character = source.charAt(index)
  if (character === '*' || character === '+') {
    return { least: character === '*' ? 0 : 1, most: Number.POSITIVE_INFINITY, length: lazy(1) }
  }
  if (character === '?') {
    // `(?:` and its like are no repeats.
    if (source.charAt(index - 1) === '(' && !isEscaped(source, index - 1)) return undefined
    return { least: 0, most: 1, length: lazy(1) }
  }
  const [whole, least = '', comma, most] = /^\{(\d+)(,)?(\d+)?\}/.exec(source.slice(index)) ?? []
  if (whole === undefined) return undefined
  const upper =
    comma === undefined
      ? Number(least)
      : most === undefined
        ? Number.POSITIVE_INFINITY
        : Number(most)
  return { least: Number(least), most: upper, length: lazy(whole.length) }
}

function isEscaped(source: string, index: number): boolean {
  let backslashes = 0
  for (let at = index - 1; source.charAt(at) === '\\'; at -= 1) backslashes += 1
  return backslashes % 2 === 1
}

function escapeLength(source: string, index: number): number {
  const [braced] = /^\\[pPu]\{[^}]*\}/.exec(source.slice(index, index + 40)) ?? []
  return braced === undefined ? 1 : braced.length - 1
}

function endOfClass(source: string, start: number): number {
  for (let index = start + 1; index < source.length; index += 1) {
    if (source.charAt(index) === '\\') index += 1
    else if (source.charAt(index) === ']') return index
  }
  return source.length
}
