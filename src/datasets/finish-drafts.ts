import { createHash } from 'node:crypto'
import type { Prompt } from '../model/prompt.ts'
import type { Adapter, Draft } from './adapters/adapter.ts'
import { contentKey } from './content.ts'
import { type Deduped, dedupePrompts } from './dedupe.ts'

export interface Imported extends Deduped {
  /** Why records gave no row, and how many each. */
  readonly leftOut: Readonly<Record<string, number>>
}

/** Makes rows of an adapter's drafts: ids, source and threat; each prompt once. */
export function finishDrafts(
  drafts: Iterable<Draft | string>,
  source: string,
  threat: Adapter['threat'],
): Imported {
  const leftOut: Record<string, number> = {}
  const prompts: Prompt[] = []
  for (const draft of drafts) {
    if (typeof draft === 'string') leftOut[draft] = (leftOut[draft] ?? 0) + 1
    else prompts.push(finish(draft, source, threat))
  }
  const deduped = dedupePrompts(prompts)
  return { ...deduped, prompts: pairUp(tellApart(deduped.prompts)), leftOut }
}

function finish(draft: Draft, source: string, threat: Adapter['threat']): Prompt {
  const { text, label, nativeId, difficulty, messages } = draft
  const metadata = {
    ...(label === 'malicious' ? { threat: draft.threat ?? threat } : {}),
    ...Object.fromEntries(
      Object.entries(draft.metadata ?? {}).filter(([, value]) => isGiven(value)),
    ),
  }
  const { category, subcategory, language, pairId, expect } = draft
  const given = { category, subcategory, language, expect, difficulty, messages }
  return {
    id: `${source}-${nativeId ?? digest(contentKey(draft))}`,
    text,
    label,
    source,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(pairId === undefined ? {} : { pairId: `${source}-${digest(pairId)}` }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** Sets number their rows file by file: of rows that differ and bear one id, all but the first get more of a name. */
function tellApart(prompts: readonly Prompt[]): Prompt[] {
  const seen = new Set<string>()
  return prompts.map((prompt) => {
    const id = seen.has(prompt.id) ? `${prompt.id}-${digest(contentKey(prompt))}` : prompt.id
    seen.add(id)
    return { ...prompt, id }
  })
}

/** Takes the pair's name from rows whose other half is not there, or that share it with more than one. */
function pairUp(prompts: readonly Prompt[]): Prompt[] {
  const labels = new Map<string, string[]>()
  for (const { pairId, label = '' } of prompts) {
    if (pairId !== undefined) labels.set(pairId, [...(labels.get(pairId) ?? []), label])
  }
  return prompts.map((prompt) => {
    const { pairId, ...alone } = prompt
    const members = pairId === undefined ? [] : (labels.get(pairId) ?? [])
    const isPair = members.length === 2 && members[0] !== members[1]
    return isPair ? prompt : alone
  })
}

/** Enough of a hash to name a row: a clash among 100,000 rows has a chance of 1 in 100. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10)
}
