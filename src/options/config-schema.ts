import type { OptionRow, RepeatedRow } from './option-row.ts'
import { isRepeated } from './read-options.ts'
import { RUN_OPTIONS } from './run-options.ts'

type Schema = Readonly<Record<string, unknown>>

/** How a secret is written: the name of an environment variable, after the name of a header or endpoint. */
const SECRET: Schema = { type: 'string', pattern: String.raw`\$\{[A-Za-z_][A-Za-z0-9_]*\}$` }

const TEXT: Schema = { type: ['string', 'number'] }

/** JSON Schema of a config file, from the option table. */
export function configJsonSchema(): Schema {
  const rows = Object.values(RUN_OPTIONS) as (OptionRow<unknown> | RepeatedRow<unknown>)[]
  const properties = rows
    .filter(({ inFile }) => inFile !== 'never')
    .map((row) => [row.flag, propertyOf(row)] as const)
  return {
    title: 'llmtrace-bench config file',
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  }
}

function propertyOf(row: OptionRow<unknown> | RepeatedRow<unknown>): Schema {
  const secret = row.hidden === true && row.inFile !== 'named'
  if (isRepeated(row)) {
    const { help, each } = row
    const one = secret ? SECRET : (each.schema ?? TEXT)
    const entry = orNothing(one, { type: 'object', additionalProperties: one })
    return { description: help, anyOf: [...entry, { type: 'array', items: { anyOf: entry } }] }
  }
  const { help, kind, default: fallback } = row
  const map = kind.placeholder.includes('=') ? [{ type: ['object', 'array'] }] : []
  return {
    description: help,
    ...(fallback == null || secret || Array.isArray(fallback) ? {} : { default: fallback }),
    anyOf: orNothing(secret ? SECRET : (kind.schema ?? TEXT), ...map),
  }
}

/** A key without a value sets nothing. */
function orNothing(...schemas: readonly Schema[]): Schema[] {
  return [...schemas, { type: 'null' }]
}
