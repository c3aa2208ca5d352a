import type { RunFacts } from '../model/run-facts.ts'
import { RUN_TRAITS, type RunTrait, type TraitDifference } from '../model/run-comparison.ts'

/** Longest text of a trait that is told; what differs behind it is told by a hash. */
const MOST_SHOWN = 60

/**
 * In what two runs differ so that their numbers are about different things. What only one of the files tells, because
 * the other is of an older version, is no difference.
 */
export function traitDifferences(before: RunFacts, after: RunFacts): TraitDifference[] {
  return RUN_TRAITS.flatMap((trait): TraitDifference[] => {
    const one = TRAITS[trait](before)
    const other = TRAITS[trait](after)
    if (one === undefined || other === undefined) return []
    const [key, shown] = sharedForm(one, other)
    return key[0] === key[1] ? [] : [{ trait, before: shorten(shown[0]), after: shorten(shown[1]) }]
  })
}

/** A trait as it is compared and as it is told. The exact form may be missing where the plain one is known. */
interface TraitForm {
  readonly exact: string | undefined
  readonly plain: string | undefined
  readonly shown: string
}

type Pair = readonly [string | undefined, string | undefined]

/** By the exact form where both have it, else by the plain one. */
function sharedForm(one: TraitForm, other: TraitForm): readonly [Pair, readonly [string, string]] {
  const exact = one.exact !== undefined && other.exact !== undefined
  const shown = [one.shown, other.shown] as const
  if (exact) return [[one.exact, other.exact], shown]
  if (one.plain === undefined || other.plain === undefined) return [['', ''], shown]
  return [[one.plain, other.plain], shown]
}

const TRAITS: Readonly<Record<RunTrait, (facts: RunFacts) => TraitForm | undefined>> = {
  model: ({ spec }) => plainForm(spec.model),
  corpus: corpusOf,
  system: ({ spec }) => plainForm(spec.system),
  temperature: ({ spec }) => plainForm(spec.temperature),
  'max-tokens': ({ spec }) => plainForm(spec.maxTokens),
  shape: shapeOf,
}

function plainForm(value: string | number | undefined): TraitForm | undefined {
  if (value === undefined) return undefined
  const plain = String(value)
  return { exact: plain, plain, shown: typeof value === 'string' ? JSON.stringify(value) : plain }
}

/** The selected prompts: by their hash, or of older files by how they were selected. */
function corpusOf({ spec, dataset, request }: RunFacts): TraitForm | undefined {
  const hash = request?.promptsHash
  const marked = hash === undefined ? '' : ` (${hash.slice(0, 8)})`
  if (dataset === undefined) {
    if (spec.prompt === undefined) return undefined
    const shown = `--prompt ${shorten(JSON.stringify(spec.prompt))}${marked}`
    return { exact: hash, plain: `prompt ${spec.prompt}`, shown }
  }
  const { file, suite, label, categoryContains, subcategoryContains, limit, shuffleSeed } = dataset
  const selection = [suite ?? file, label, categoryContains, subcategoryContains, limit]
  const plain = JSON.stringify([...selection, shuffleSeed, dataset.selected])
  const shown = `${dataset.selected ?? '?'} prompts of ${suite ?? file ?? 'a dataset'}${marked}`
  return { exact: hash, plain, shown }
}

/** Fields of the body besides the usual, and whether connections are kept. */
function shapeOf({ request, keepAlive }: RunFacts): TraitForm | undefined {
  const connections = keepAlive === undefined ? undefined : keepAlive ? 'kept' : 'one a request'
  const fields = request?.bodyFields
  const shown = [
    `connections ${connections ?? 'unknown'}`,
    fields === undefined || fields.length === 0
      ? 'no further fields'
      : `fields ${fields.join(', ')}`,
    ...(request?.bodyHash === undefined ? [] : [`(${request.bodyHash.slice(0, 8)})`]),
  ]
    .join(', ')
    .replace(', (', ' (')
  const exact =
    fields === undefined || connections === undefined
      ? undefined
      : JSON.stringify([connections, fields, request?.bodyHash])
  return { exact, plain: connections, shown }
}

function shorten(text: string): string {
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN - 1)}…`
}
