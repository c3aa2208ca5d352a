import type { BlockedVerdict, UndecidedReason, Verdict } from './verdict.ts'

/** What a verdict comes down to: few enough different ones that each of a million samples can name its own. */
export interface Ground {
  readonly kind: Verdict['kind']
  /** The rule that decided, such as `llmtrace/enforcement`. */
  readonly rule: string
  /** Only of a block. */
  readonly by?: BlockedVerdict['by'] | undefined
  /** Only where nothing is decided. */
  readonly reason?: UndecidedReason | undefined
}

export function groundOf(verdict: Verdict): Ground {
  const { kind, rule } = verdict
  if (kind === 'blocked') return { kind, rule, by: verdict.by }
  return kind === 'undecided' ? { kind, rule, reason: verdict.reason } : { kind, rule }
}

/** Grounds by number, each once, in the order in which they came. A number stays what it is. */
export class GroundTable {
  private readonly list: Ground[] = []
  private readonly known = new Map<string, number>()

  /** From 1: 0 stands for a sample that was not judged. */
  numberOf(ground: Ground): number {
    const key = `${ground.kind} ${ground.rule} ${ground.by} ${ground.reason}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    this.known.set(key, this.list.push(ground))
    return this.list.length
  }

  grounds(): readonly Ground[] {
    return [...this.list]
  }
}
