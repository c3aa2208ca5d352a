import { choice, decimal, flag, integer, type Kind, path, text } from './kinds.ts'
import { option, repeated } from './option-row.ts'

const DETECTION = 'Detection'

const SEVERITIES = ['Info', 'Low', 'Medium', 'High', 'Critical'] as const
const ACTIONS = ['allow', 'flag', 'block'] as const

export interface PolicyOverride {
  readonly type: string
  readonly action: (typeof ACTIONS)[number]
}

/** `TYPE=ACTION`, such as `pii_detected=block`. */
const override: Kind<PolicyOverride> = {
  placeholder: '<type=action>',
  read: (given) => {
    const [, type = '', named] = /^([a-z0-9_]+)=(\w+)$/.exec(given) ?? []
    const action = ACTIONS.find((one) => one === named)
    return action === undefined
      ? { problem: `is no policy; write it as pii_detected=block, with ${ACTIONS.join(', ')}` }
      : { value: { type, action } }
  },
  print: ({ type, action }) => `${type}=${action}`,
}

/** 200, or what tells a client that it is to blame: anything from 500 on would be tried again. */
const blockStatus: Kind<number> = {
  placeholder: '<status>',
  read: (given) => {
    const value = Number(given)
    const fits = value === 200 || (value >= 400 && value <= 499)
    return /^\d{3}$/.test(given) && fits
      ? { value }
      : { problem: 'is no status for a block; give 200 or one from 400 to 499' }
  },
  print: String,
}

/** A share of 1. */
const confidence: Kind<number> = {
  placeholder: '<0..1>',
  read: (given) => {
    const value = given.trim() === '' ? Number.NaN : Number(given)
    return value >= 0 && value <= 1 ? { value } : { problem: 'is not a number from 0 to 1' }
  },
  print: String,
}

export const PROXY_POLICY_OPTIONS = {
  mode: option('mode', choice(['off', 'log', 'flag', 'block']), 'off', {
    group: DETECTION,
    help: 'What to do with chat completions: forward only, analyse afterwards, mark, or refuse.',
  }),
  policy: repeated('policy', override, {
    group: DETECTION,
    help: 'Action for one type of finding, whatever its severity, such as pii_detected=block.',
  }),
  minSeverity: option('min-severity', choice(SEVERITIES, '<severity>'), 'High', {
    group: DETECTION,
    help: 'Least severity of a finding to act on: Info, Low, Medium, High or Critical.',
  }),
  minConfidence: option('min-confidence', confidence, 0.75, {
    group: DETECTION,
    help: 'Least confidence of a finding to act on.',
  }),
  onError: option('on-error', choice(['open', 'closed']), 'open', {
    group: DETECTION,
    help: 'Let through, or refuse, what could not be analysed in time.',
  }),
  rules: repeated('rules', path, {
    group: DETECTION,
    help: 'Further rules: a YAML file or a folder of them; read again on SIGHUP.',
  }),
  canary: repeated('canary', text, {
    group: DETECTION,
    help: 'Text that no answer may hold, of at least 8 letters and digits.',
    hidden: true,
  }),
  blockStatus: option('block-status', blockStatus, 403, {
    group: DETECTION,
    help: 'Status of a block; 200 for a completion that ends with content_filter.',
  }),
  maxBodyBytes: option('max-body-bytes', integer(1), 10_485_760, {
    group: DETECTION,
    help: 'Largest body that is analysed; a larger one gets 413.',
  }),
  storeRaw: option('store-raw', flag, false, {
    group: DETECTION,
    help: 'Keep texts in records as they came, with secrets and numbers of people.',
  }),
  analysisBudgetMs: option('analysis-budget-ms', decimal(0, true), 10, {
    group: DETECTION,
    help: 'Longest that an analysis keeps other requests waiting at a stretch.',
  }),
  analysisTimeoutMs: option('analysis-timeout-ms', decimal(0, true), 2000, {
    group: DETECTION,
    help: 'Longest that an analysis may take.',
  }),
}
