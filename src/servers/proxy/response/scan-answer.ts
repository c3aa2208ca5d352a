import { canaryLeaks } from '../detectors/canary.ts'
import type { Signal } from '../detectors/detector.ts'
import { exfiltrationLinks } from '../detectors/exfiltration-links.ts'
import { personalData } from '../detectors/personal-data.ts'
import { secrets } from '../detectors/secrets.ts'
import type { Finding } from '../exchange-record.ts'
import type { RuleSet } from '../rules/rule-set.ts'
import { findingsOf } from '../score.ts'
import { foldText } from '../text/fold-text.ts'

const DETECTORS = [secrets, exfiltrationLinks, personalData]

/** Longer than any secret that we know, so that none is missed on the seam of two chunks. */
const CARRY_OVER = 1024

/**
 * Findings in what a stream has said last: the new characters and those before, since a secret comes in pieces. Quick
 * enough for each chunk; what is encoded is looked for when the answer is whole.
 */
export function scanTail(
  text: string,
  newCharacters: number,
  canaries: readonly string[],
  rules: RuleSet,
): Finding[] {
  const tail = foldText(text.slice(-(newCharacters + CARRY_OVER))).text
  const tokens = rules.tokenizer.tokenize('')
  const piece = {
    text: tail,
    tokens,
    trigrams: undefined,
    role: 'assistant',
    chain: [],
    answer: true,
  } as const
  const signals: Signal[] = [
    ...canaryLeaks(tail, canaries),
    ...DETECTORS.flatMap((detector) => detector.inspect(piece, rules)),
  ]
  return findingsOf(
    signals.map((signal) => ({ ...signal, chain: [] })),
    'response',
  )
}

/** The beginnings of what we look for: with more characters one may become a finding. */
const BEGUN = [
  /(?:sk-|[srp]k_(?:live|test)_|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|hf_|npm_|pypi-|AKIA|ASIA|AIza|eyJ|SG\.|llmt_)[\w.-]{0,600}$/,
  /-----(?:B(?:EGIN[A-Z ]{0,40})?)?$/,
  /!\[[^\]\n]{0,120}(?:\](?:\([^)\s]{0,400})?)?$/,
  /:\/\/[^\s/@]{0,120}$/,
]
const LEAST_OF_CANARY = 3

/** How many characters at the end of a text may be the first part of a secret, and so have to wait for the next. */
export function undecidedTail(text: string, canaries: readonly string[]): number {
  const tail = text.slice(-700)
  let longest = 0
  for (const pattern of BEGUN) longest = Math.max(longest, pattern.exec(tail)?.[0].length ?? 0)
  const lower = tail.toLowerCase()
  for (const canary of canaries) {
    const wanted = canary.toLowerCase()
    for (
      let length = Math.min(wanted.length - 1, lower.length);
      length >= LEAST_OF_CANARY;
      length -= 1
    ) {
      if (lower.endsWith(wanted.slice(0, length))) {
        longest = Math.max(longest, length)
        break
      }
    }
  }
  return longest
}
