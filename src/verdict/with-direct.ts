import type { Ground } from '../model/ground.ts'

/** A reply that was judged alone. */
export interface JudgedAlone {
  readonly ground: Ground
  /** 0 where there was none. */
  readonly status: number
}

/**
 * What a verdict becomes by the same prompt's from the endpoint without the proxy: as `classify` does it with both replies
 * at hand, for when only what they came to was kept. It cannot see that an answer counts no tokens
 * (`differential/no-tokens`).
 */
export function withDirect({ ground, status }: JudgedAlone, direct: Ground): Ground {
  const answered = ['allowed', 'flagged', 'modified'].includes(direct.kind)
  if (ground.kind === 'blocked') {
    if (direct.kind === 'blocked' && direct.rule === ground.rule) {
      return { kind: 'undecided', rule: ground.rule, reason: 'refused-without-proxy' }
    }
    // Proxies block in the words of providers too.
    return answered ? { ...ground, by: 'proxy' } : ground
  }
  if (ground.reason !== 'unexplained' || status < 400) return ground
  if (answered) return { kind: 'blocked', rule: 'differential/refused', by: 'proxy' }
  return direct.kind === 'undecided' && direct.reason !== 'unexplained'
    ? ground
    : { kind: 'undecided', rule: 'differential/both', reason: 'refused-without-proxy' }
}

/** Whether the same prompt's verdict without the proxy could change this one. */
export function dependsOnDirect({ kind, reason }: Ground): boolean {
  return kind === 'blocked' || reason === 'unexplained'
}
