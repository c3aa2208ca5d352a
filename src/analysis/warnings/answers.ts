import type { ResponseFacts } from '../../model/response-facts.ts'
import { nameLevel, sameLevel } from '../../model/level.ts'
import type { Overhead } from '../../model/summary.ts'
import type { Warning } from '../../model/warning.ts'
import { mean } from '../../stats/quantile.ts'
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

/** Part of the observed overhead that a self-report may miss before it is worth a word, and at least this many ms. */
const RESIDUAL_SHARE = 0.2
const RESIDUAL_MS = 1

/** What the proxy says that it adds, beside what was seen. */
export const selfReports: Check = (evidence) =>
  evidence.overheads.flatMap((overhead): Warning[] => {
    const seen = overhead.rows.find(({ metric }) => metric === 'mean')?.delta.value
    const facts = [...factsOf(evidence, overhead, overhead.candidate).values()]
    const reports = facts.flatMap(({ selfReport }) => selfReport ?? [])
    const told = mean(reports.map(({ ms }) => ms))
    const source = reports[0]?.source
    if (seen === undefined || told === undefined || source === undefined) return []
    const residual = seen - told
    if (Math.abs(residual) <= Math.max(RESIDUAL_MS, RESIDUAL_SHARE * Math.abs(seen))) return []
    return [
      {
        code: 'self-report',
        message: `${overhead.candidate} at ${nameLevel(overhead.level)}: the header ${source} tells ${told.toFixed(1)} ms of overhead (on ${reports.length} of ${facts.length} answers), ${seen.toFixed(1)} ms were observed`,
        advice: 'trust the observed figure: a proxy cannot see the time before its own first line',
      },
    ]
  })
