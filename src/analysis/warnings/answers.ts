import type { ResponseFacts } from '../../model/response-facts.ts'
import { nameLevel, sameLevel } from '../../model/level.ts'
import type { Overhead } from '../../model/summary.ts'
import type { Warning } from '../../model/warning.ts'
import type { Check, Evidence } from './check.ts'
import { whereOf } from './failures.ts'

/** Differences in this share of the compared answers are worth a word. */
const MISMATCH_SHARE = 0.01

export const cacheHits: Check = ({ observed }) =>
  observed.flatMap(({ measurement: { facts }, summary }): Warning[] => {
    const hits = facts.filter(({ cacheHit, cachedTokens }) => cacheHit || cachedTokens > 0).length
    if (hits === 0) return []
    return [
      {
        code: 'cache-hits',
        message: `${whereOf(summary)}: ${hits} of ${facts.length} answers looked at came from a cache, wholly or in part`,
        advice: 'turn caching off on the server, or use a dataset with more prompts than requests',
      },
    ]
  })

export const hiddenRetries: Check = ({ observed }) =>
  observed.flatMap(({ measurement: { facts }, summary }): Warning[] => {
    const retried = facts.filter(({ retries }) => retries > 0).length
    if (retried === 0) return []
    return [
      {
        code: 'hidden-retries',
        message: `${whereOf(summary)}: ${retried} of ${facts.length} answers looked at were retried or rerouted by the proxy, whose time is in the latency`,
        advice: 'turn retries and fallbacks off on the proxy',
      },
    ]
  })

export const truncatedReasoning: Check = ({ observed }) =>
  observed.flatMap(({ measurement: { facts }, summary }): Warning[] => {
    const cut = facts.filter((fact) => fact.truncatedReasoning).length
    if (cut === 0) return []
    return [
      {
        code: 'truncated-reasoning',
        message: `${whereOf(summary)}: ${cut} of ${facts.length} answers looked at ran out of tokens while reasoning and hold no content`,
        advice: '--max-tokens 512 or more, or turn reasoning off',
      },
    ]
  })

export const tokenMismatch: Check = (evidence) =>
  mismatches(evidence, ({ completionTokens }) => completionTokens, {
    code: 'token-mismatch',
    what: 'have another number of output tokens',
    advice:
      'check that both routes use the same model and parameters; E2E latencies of unequal answers do not compare',
  })

export const contentMismatch: Check = (evidence) =>
  mismatches(evidence, ({ contentHash }) => contentHash, {
    code: 'content-mismatch',
    what: 'have another text',
    advice:
      'normal above --temperature 0; at 0 check that the proxy leaves prompt, model and answer as they are',
  })

interface Mismatch {
  readonly code: 'token-mismatch' | 'content-mismatch'
  readonly what: string
  readonly advice: string
}

/** Compares the same prompt's answers from both sides. */
function mismatches(
  evidence: Evidence,
  read: (facts: ResponseFacts) => number | string | undefined,
  { code, what, advice }: Mismatch,
): Warning[] {
  return evidence.overheads.flatMap((overhead): Warning[] => {
    const before = factsOf(evidence, overhead, overhead.baseline)
    const after = factsOf(evidence, overhead, overhead.candidate)
    const known = [...before.keys()].filter((sequence) => {
      const [one, other] = [before.get(sequence), after.get(sequence)]
      return one && other && read(one) !== undefined && read(other) !== undefined
    })
    const differing = known.filter((sequence) => {
      const [one, other] = [before.get(sequence), after.get(sequence)]
      return one && other && read(one) !== read(other)
    })
    if (differing.length <= MISMATCH_SHARE * known.length) return []
    return [
      {
        code,
        message: `${overhead.candidate} and ${overhead.baseline} at ${nameLevel(overhead.level)}: ${differing.length} of ${known.length} answers compared ${what}`,
        advice,
      },
    ]
  })
}

function factsOf({ observed }: Evidence, { level }: Overhead, endpoint: string) {
  const found = observed.find(
    ({ summary }) => summary.endpoint === endpoint && sameLevel(summary.level, level),
  )
  return new Map((found?.measurement.facts ?? []).map((facts) => [facts.sequence, facts]))
}
