import type { SeenSignal } from './analyse-text.ts'
import type { Finding, Severity } from './exchange-record.ts'
import { redactText } from './redact-text.ts'

/** What a severity is worth in the score: LLMTrace's 95, 80, 60, 30 and 10 of 100. */
const WEIGHTS: Readonly<Record<Severity, number>> = {
  Info: 0.1,
  Low: 0.3,
  Medium: 0.6,
  High: 0.8,
  Critical: 0.95,
}

/** They say what a text holds, not what it is up to. */
const NO_SIGN_OF_INTENT = new Set(['secret', 'personal-data'])
/** Families of which what they find is no matter of words, so that the context does not change it. */
const NOT_DAMPENED = new Set(['secret', 'personal-data', 'canary', 'invisible', 'request'])

/** Together they have to be this sure to be a finding, and this sure to be a bad one. */
const LEAST_TOGETHER = 0.65
const SURE_TOGETHER = 0.75

/**
 * The findings of one text: each strong signal, and one more where signals of several families say together what none
 * says alone (noisy or, the strongest of each family).
 */
export function findingsOf(signals: readonly SeenSignal[], location: string): Finding[] {
  const dampened = dampen(signals)
  const strong = strongest(dampened.filter(({ weak }) => weak !== true))
  const findings = strong
    .map((signal) => findingOf(signal, location))
    .toSorted((one, other) => worth(other) - worth(one))
  const best = combined(dampened)
  const sure = findings.some(
    ({ severity, confidence }) => WEIGHTS[severity] >= WEIGHTS.High && confidence >= SURE_TOGETHER,
  )
  if (sure || best.families.length < 2 || best.confidence < LEAST_TOGETHER) return findings
  return [...findings, combinedFinding(best, location)]
}

function worth({ severity, confidence }: Finding): number {
  return WEIGHTS[severity] * confidence
}

/** 0 to 100, by noisy or over the types of findings; undefined without any. */
export function scoreOf(findings: readonly Finding[]): number | undefined {
  if (findings.length === 0) return undefined
  const byType = new Map<string, number>()
  for (const { type, severity, confidence } of findings) {
    byType.set(type, Math.max(byType.get(type) ?? 0, WEIGHTS[severity] * confidence))
  }
  return Math.round(100 * noisyOr([...byType.values()]))
}

export function noisyOr(chances: readonly number[]): number {
  return 1 - chances.reduce((none, chance) => none * (1 - chance), 1)
}

/** As far as a context reaches, in characters. */
const NEAR_CONTEXT = 1500

/** A question about attacks, or a quotation, makes what words say less sure; nothing is taken away. */
function dampen(signals: readonly SeenSignal[]): SeenSignal[] {
  const dampers = signals.filter(({ dampens }) => dampens !== undefined)
  const factorAt = (at: number | undefined) =>
    dampers
      .filter((damper) => Math.abs((at ?? 0) - (damper.at ?? 0)) <= NEAR_CONTEXT)
      .reduce((least, { dampens = 1 }) => Math.min(least, dampens), 1)
  return signals
    .filter(({ dampens }) => dampens === undefined)
    .map((signal) =>
      NOT_DAMPENED.has(signal.family) || signal.chain.length > 0
        ? signal
        : { ...signal, confidence: signal.confidence * factorAt(signal.at) },
    )
}

/** One signal of each rule, the surest. */
function strongest(signals: readonly SeenSignal[]): SeenSignal[] {
  const byRule = new Map<string, SeenSignal>()
  for (const signal of signals) {
    const known = byRule.get(signal.rule)
    if (known === undefined || known.confidence < signal.confidence) byRule.set(signal.rule, signal)
  }
  return [...byRule.values()]
}

interface Together {
  readonly families: readonly SeenSignal[]
  readonly confidence: number
}

/** Signs that are further apart than this, in characters, are of different matters. */
const NEAR = 600

/** The surest combination of signals that stand near each other. */
function combined(signals: readonly SeenSignal[]): Together {
  const placed = signals.filter(({ at }) => at !== undefined)
  const anchors = [...new Set(placed.map(({ at }) => at ?? 0))]
  const groups = anchors.map((anchor) =>
    signals.filter(({ at }) => at === undefined || (at >= anchor && at - anchor <= NEAR)),
  )
  return [...groups, signals.filter(({ at }) => at === undefined)]
    .map((group) => together(group))
    .reduce((best, one) => (one.confidence > best.confidence ? one : best))
}

function together(signals: readonly SeenSignal[]): Together {
  const byFamily = new Map<string, SeenSignal>()
  for (const signal of signals) {
    if (NO_SIGN_OF_INTENT.has(signal.family)) continue
    const known = byFamily.get(signal.family)
    if (known === undefined || known.confidence < signal.confidence) {
      byFamily.set(signal.family, signal)
    }
  }
  const families = [...byFamily.values()]
  return { families, confidence: noisyOr(families.map(({ confidence }) => confidence)) }
}

function combinedFinding({ families, confidence }: Together, location: string): Finding {
  const ordered = families.toSorted((one, other) => other.confidence - one.confidence)
  return {
    type: ordered[0]?.type ?? 'prompt_injection',
    severity: confidence >= SURE_TOGETHER ? 'High' : 'Medium',
    confidence: rounded(confidence),
    description: `several signs together: ${ordered.map(({ description }) => description).join('; ')}`,
    rule: `combined/${ordered.map(({ family }) => family).join('+')}`,
    location: locationOf(location, ordered[0]?.chain ?? []),
    evidence: oneLine(ordered.map(({ evidence }) => evidence.trim()).join(' … ')),
  }
}

function findingOf(signal: SeenSignal, location: string): Finding {
  return {
    type: signal.type,
    severity: signal.severity,
    confidence: rounded(signal.confidence),
    description: signal.description,
    rule: signal.rule,
    location: locationOf(location, signal.chain),
    evidence: oneLine(signal.evidence),
  }
}

function locationOf(location: string, chain: readonly string[]): string {
  return chain.length === 0 ? location : `${location} via ${chain.join(', ')}`
}

function rounded(confidence: number): number {
  return Math.round(confidence * 100) / 100
}

const MOST_EVIDENCE = 160

/** Redacted before it is cut: half a key is a key that nobody recognises. */
export function oneLine(text: string): string {
  const line = redactText(text)
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
  if (line.length <= MOST_EVIDENCE) return line
  return `${line.slice(0, MOST_EVIDENCE - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
