import { type ToolCall, toolArguments, type ToolOffer } from '../../wire/tool-calls.ts'
import { calculate } from './calculate.ts'

/** A function of the app that the model may call. */
interface Tool extends ToolOffer {
  /** What the model is told; may throw RangeError with what is wrong with the arguments. */
  readonly run: (given: Readonly<Record<string, unknown>>) => string
}

const CATALOGUE: Readonly<Record<string, number>> = { lamp: 39.9, desk: 249, chair: 129.5 }

/** The app's tools. One more is one entry more; none of them reaches beyond this process. */
const TOOLS: readonly Tool[] = [
  {
    name: 'calculate',
    description: 'Works out an arithmetic expression of numbers, + - * / and parentheses.',
    parameters: {
      type: 'object',
      properties: { expression: { type: 'string', examples: ['(2 + 3) * 4', '129.50 / 2'] } },
      required: ['expression'],
    },
    run: ({ expression }) => {
      if (typeof expression !== 'string') throw new RangeError('expression is missing')
      return String(calculate(expression))
    },
  },
  {
    name: 'look_up_price',
    description: 'The price of an article of the shop.',
    parameters: {
      type: 'object',
      properties: { article: { type: 'string', enum: Object.keys(CATALOGUE) } },
      required: ['article'],
    },
    run: ({ article }) => {
      const price = typeof article === 'string' ? CATALOGUE[article.toLowerCase()] : undefined
      if (price === undefined) {
        throw new RangeError(
          `there is no such article; there are ${Object.keys(CATALOGUE).join(', ')}`,
        )
      }
      return price.toFixed(2)
    },
  },
]

export const TOOL_OFFERS: readonly ToolOffer[] = TOOLS.map(({ name, description, parameters }) => ({
  name,
  description,
  parameters,
}))

/** Runs what the model asked for. What it asked wrongly it is told, so that it can do better. */
export function runTool(call: ToolCall): string {
  const tool = TOOLS.find(({ name }) => name === call.name)
  if (tool === undefined) return `error: there is no tool ${JSON.stringify(call.name)}`
  const given = toolArguments(call)
  if (given === undefined) return 'error: the arguments are not a JSON object'
  try {
    return tool.run(given)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return `error: ${error.message}`
  }
}
