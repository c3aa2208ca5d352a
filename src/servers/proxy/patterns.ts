import { CODE_PATTERNS } from './detectors/code.ts'
import { EXFILTRATION_PATTERNS } from './detectors/exfiltration-links.ts'
import { TURN } from './detectors/many-shot.ts'
import { PERSONAL_PATTERNS } from './detectors/personal-data.ts'
import { SECRET_PATTERNS } from './detectors/secrets.ts'
import { TEMPLATE_PATTERNS } from './detectors/template-tokens.ts'
import { DECODER_PATTERNS } from './text/decoders.ts'
import type { RuleSet } from './rules/rule-set.ts'

export interface NamedPattern {
  readonly name: string
  readonly pattern: RegExp
}

/** Every expression that texts of others are searched with, so that each can be tried on hostile ones. */
export function allPatterns(rules: RuleSet): NamedPattern[] {
  return [
    ...rules.rules.flatMap(({ id, patterns }) =>
      patterns.map(({ expression }, index) => ({
        name: `${id}#${index + 1}`,
        pattern: expression,
      })),
    ),
    ...[...CODE_PATTERNS, ...SECRET_PATTERNS, ...PERSONAL_PATTERNS].map(({ rule, pattern }) => ({
      name: rule,
      pattern,
    })),
    ...named('template', TEMPLATE_PATTERNS),
    ...named('exfiltration-links', EXFILTRATION_PATTERNS),
    ...named('decoder', DECODER_PATTERNS),
    { name: 'many-shot/turn', pattern: TURN },
  ]
}

function named(group: string, patterns: Readonly<Record<string, RegExp>>): NamedPattern[] {
  return Object.entries(patterns).map(([name, pattern]) => ({ name: `${group}/${name}`, pattern }))
}
