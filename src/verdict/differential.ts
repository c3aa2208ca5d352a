import { countedNothing } from './answer.ts'
import { type Case, type Finding, finding } from './case.ts'
import { evidence } from './evidence.ts'
import { blocked, claimOf } from './signatures/family.ts'

/**
 * The same prompt without the proxy got an answer, with it a refusal: then the proxy refused, whatever its words.
 * Where both refuse, it is not the proxy. Statuses that are faults have been taken out before.
 */
export function byDifference(one: Case): Finding | undefined {
  const { direct, view } = one
  if (direct?.view === undefined) return undefined
  const { verdict } = direct
  const seen = evidence('differential', 'direct status', direct.view.status)
  if (view.status >= 400) {
    const status = evidence('status', 'status', `${view.status} ${view.text}`)
    if (wasAnswered(one)) {
      return finding('differential/refused', blocked('request', seen, status))
    }
    return verdict.kind === 'undecided' && verdict.reason !== 'unexplained'
      ? undefined
      : finding(
          'differential/both',
          claimOf({ kind: 'undecided', reason: 'refused-without-proxy' }, [seen, status]),
        )
  }
  return wasAnswered(one) ? madeUp(one) : undefined
}

/** Whether the endpoint without the proxy answered. */
export function wasAnswered({ direct }: Pick<Case, 'direct'>): boolean {
  const kind = direct?.verdict.kind
  return kind === 'allowed' || kind === 'flagged' || kind === 'modified'
}

/** An answer that counts no tokens, where the model counts them, comes from no model. */
function madeUp({ direct, view }: Case): Finding | undefined {
  const counted = direct?.view?.answer.usage?.completion ?? 0
  if (!countedNothing(view.answer) || view.answer.content.trim() === '' || counted === 0) {
    return undefined
  }
  return finding(
    'differential/no-tokens',
    blocked(
      'request',
      evidence('differential', 'direct usage.completion_tokens', counted),
      evidence('answer', 'usage.completion_tokens', 0),
      evidence('answer', 'content', view.answer.content),
    ),
  )
}
