import type { Signal, WholeDetector } from './detector.ts'

/** Below this many zero-width characters it is typography, or an emoji that we do not know. */
const LEAST_INVISIBLE = 3
const LEAST_MASKED = 2

const COMMON = { type: 'encoding_evasion', family: 'invisible' } as const

/** Characters that people do not see and models read, and letters that look like others. */
export const invisibleCharacters: WholeDetector = {
  name: 'invisible-characters',
  inspect({ oddities, role }) {
    if (oddities === undefined || role === 'system') return []
    const { invisible, tags, overrides, masked, marks } = oddities
    const signals: (Signal | undefined)[] = [
      tags >= 4
        ? {
            ...COMMON,
            severity: 'High',
            confidence: 0.85,
            description: `${tags} characters of Unicode's tag block, which spell text that nobody sees`,
            rule: 'invisible/tag-characters',
            evidence: oddities.hidden,
          }
        : undefined,
      invisible >= LEAST_INVISIBLE
        ? {
            ...COMMON,
            severity: invisible >= 8 ? 'High' : 'Medium',
            confidence: Math.min(0.9, 0.55 + 0.03 * invisible),
            description: `${invisible} zero-width characters within words`,
            rule: 'invisible/zero-width',
            evidence: '',
          }
        : undefined,
      overrides > 0
        ? {
            ...COMMON,
            severity: 'High',
            confidence: 0.8,
            description: 'a right-to-left override: what is shown is not what is read',
            rule: 'invisible/bidi-override',
            evidence: '',
          }
        : undefined,
      masked >= LEAST_MASKED
        ? {
            ...COMMON,
            severity: masked >= 3 ? 'High' : 'Medium',
            confidence: masked >= 3 ? 0.85 : 0.6,
            description: `${masked} words in letters of another script that look like Latin ones`,
            rule: 'invisible/lookalikes',
            evidence: '',
          }
        : undefined,
      marks > 0
        ? {
            ...COMMON,
            severity: 'High',
            confidence: 0.8,
            description: `${marks} words with a mark on each letter`,
            rule: 'invisible/marks',
            evidence: '',
          }
        : undefined,
    ]
    return signals.filter((signal) => signal !== undefined)
  },
}
