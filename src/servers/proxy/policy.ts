import { type Action, type Finding, SEVERITIES, type Severity } from './exchange-record.ts'

export const MODES = ['off', 'log', 'flag', 'block'] as const
export type Mode = (typeof MODES)[number]

export interface Policy {
  readonly mode: Mode
  /** Action by finding type; these count whatever the mode and the severity. */
  readonly overrides: ReadonlyMap<string, Action>
  readonly minSeverity: Severity
  /** 0 to 1. */
  readonly minConfidence: number
}

export const POLICY_DEFAULTS: Policy = {
  mode: 'off',
  overrides: new Map(),
  minSeverity: 'High',
  minConfidence: 0.75,
}

export interface Decision {
  readonly action: Action
  /** The findings for which it is so. */
  readonly because: readonly Finding[]
}

const BY_MODE: Readonly<Record<Mode, Action>> = {
  off: 'allow',
  log: 'allow',
  flag: 'flag',
  block: 'block',
}

const ORDER: readonly Action[] = ['allow', 'flag', 'block']

/** What to do about these findings: the strictest that any of them asks for. */
export function decide(findings: readonly Finding[], policy: Policy): Decision {
  let action: Action = 'allow'
  let because: Finding[] = []
  for (const finding of findings) {
    const wanted = actionFor(finding, policy)
    if (wanted === 'allow' || ORDER.indexOf(wanted) < ORDER.indexOf(action)) continue
    if (wanted !== action) because = []
    action = wanted
    because.push(finding)
  }
  return { action, because }
}

function actionFor(finding: Finding, policy: Policy): Action {
  if (policy.mode === 'off' || finding.confidence < policy.minConfidence) return 'allow'
  const override = policy.overrides.get(finding.type)
  if (override !== undefined) return override
  const severe = SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(policy.minSeverity)
  return severe ? BY_MODE[policy.mode] : 'allow'
}

/** Whether an exchange could be blocked. */
export function canBlock({ mode, overrides }: Policy): boolean {
  return mode === 'block' || (mode !== 'off' && [...overrides.values()].includes('block'))
}

/** Whether anything could come of an analysis before forwarding. */
export function enforces({ mode, overrides }: Policy): boolean {
  if (mode === 'off') return false
  return mode !== 'log' || [...overrides.values()].some((action) => action !== 'allow')
}
