import type { Prompt } from '../model/prompt.ts'
import { contentKey } from './content.ts'

export interface Deduped {
  /** The first row of each content; `metadata.duplicates` says how many followed. */
  readonly prompts: readonly Prompt[]
  readonly removed: number
  /** Pairs that send the same and bear different labels; the first of each was kept. */
  readonly conflicts: readonly (readonly [kept: Prompt, removed: Prompt])[]
}

/** Keeps one row of each content, exactly compared. */
export function dedupePrompts(prompts: Iterable<Prompt>): Deduped {
  const kept = new Map<string, { readonly prompt: Prompt; copies: number }>()
  const conflicts: [Prompt, Prompt][] = []
  let removed = 0
  for (const prompt of prompts) {
    const key = contentKey(prompt)
    const earlier = kept.get(key)
    if (earlier === undefined) {
      kept.set(key, { prompt, copies: 0 })
      continue
    }
    earlier.copies += 1
    removed += 1
    if (earlier.prompt.label !== prompt.label) conflicts.push([earlier.prompt, prompt])
  }
  return {
    prompts: Array.from(kept.values(), ({ prompt, copies }) => withCopies(prompt, copies)),
    removed,
    conflicts,
  }
}

function withCopies(prompt: Prompt, copies: number): Prompt {
  if (copies === 0) return prompt
  const before = prompt.metadata?.['duplicates']
  const duplicates = copies + (typeof before === 'number' ? before : 0)
  return { ...prompt, metadata: { ...prompt.metadata, duplicates } }
}

/** Ids that more than one row has. */
export function repeatedIds(prompts: readonly Prompt[]): string[] {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { id } of prompts) {
    if (seen.has(id)) repeated.add(id)
    seen.add(id)
  }
  return [...repeated]
}
