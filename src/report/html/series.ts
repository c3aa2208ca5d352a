import type { Endpoint } from '../../model/endpoint.ts'

/** How an endpoint is drawn, the same in every chart: by colour, by dashes, and by its name beside the line. */
export interface Series {
  readonly endpoint: string
  /** Short enough for a margin. */
  readonly label: string
  readonly colour: string
  readonly dash: string | undefined
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'cross'
}

/** Colours are variables of the page's style, which has them for light, dark and paper. */
const COLOURS = 6
const DASHES = [undefined, undefined, '7 4', '2 3', '9 3 2 3', '4 2'] as const
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross'] as const
const LONGEST_LABEL = 10

/** The endpoints in their order, the baseline always the first of the colours. */
export function seriesOf(endpoints: readonly Endpoint[]): readonly Series[] {
  const others = endpoints.filter(({ baseline }) => !baseline)
  return endpoints.map((endpoint) => {
    const alone = endpoints.length === 1
    const index = endpoint.baseline && !alone ? 0 : others.indexOf(endpoint) + 1 || 1
    const colour = ((index - 1) % (COLOURS - 1)) + 1
    return {
      endpoint: endpoint.name,
      label: shortName(endpoint.name),
      colour: `var(--series-${index === 0 ? 0 : colour})`,
      dash: DASHES[index % DASHES.length],
      symbol: SYMBOLS[index % SYMBOLS.length] ?? 'circle',
    }
  })
}

export function shortName(name: string): string {
  const characters = Array.from(name)
  return characters.length <= LONGEST_LABEL
    ? name
    : `${characters.slice(0, LONGEST_LABEL - 1).join('')}…`
}
