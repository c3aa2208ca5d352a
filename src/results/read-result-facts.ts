import type { RunFacts } from '../model/run-facts.ts'
import { ORDERS } from '../model/plan.ts'

type Json = Readonly<Record<string, unknown>>

/** What the object in a result file of any version tells of its run besides the numbers. */
export function readResultFacts(file: Json): RunFacts {
  const spec = record(file['spec'])
  const run = record(file['run'])
  const order = string(run['order'])
  return {
    spec: defined({
      model: string(spec['model']),
      system: string(spec['system']),
      prompt: string(spec['prompt']),
      temperature: number(spec['temperature']),
      maxTokens: number(spec['max_tokens']),
    }),
    dataset: datasetOf(file['dataset']),
    request: defined({
      promptsHash: string(run['prompts_hash']),
      bodyFields: strings(run['body_fields']),
      bodyHash: string(run['body_hash']),
    }),
    startedAt: string(run['started_at']),
    toolVersion: string(record(file['tool'])['version']),
    node: string(run['node']),
    platform: string(run['platform']),
    client: string(run['client']),
    seed: number(run['seed']),
    order: ORDERS.find((one) => one === order),
    keepAlive: typeof run['keep_alive'] === 'boolean' ? run['keep_alive'] : undefined,
    partial: run['partial'] === true,
  }
}

function datasetOf(value: unknown): RunFacts['dataset'] {
  if (typeof value !== 'object' || value === null) return undefined
  const dataset = record(value)
  return defined({
    file: string(dataset['file']),
    suite: string(dataset['suite']),
    label: string(dataset['label']),
    categoryContains: strings(dataset['category_contains']),
    subcategoryContains: strings(dataset['subcategory_contains']),
    limit: number(dataset['limit']),
    shuffleSeed: number(dataset['shuffle_seed']),
    selected: number(dataset['selected']),
  })
}

/** The keys that have a value. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as ReturnType<typeof defined<T>>
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function strings(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
