import {
  LEAST_CASES,
  type Confusion,
  type Rate,
  type Score,
  type Scores,
} from '../model/detection.ts'
import { measured, unmeasured } from '../model/estimate.ts'
import type { Label } from '../model/prompt.ts'
import { wilson } from '../stats/interval.ts'

/** One decided case: the truth, and whether it was blocked (or detected). */
export interface Decision {
  readonly label: Label
  readonly positive: boolean
}

/** A share with Wilson's interval; below `LEAST_CASES` the counts alone. */
export function rateOf(hits: number, n: number): Rate {
  if (n < LEAST_CASES) {
    const missing = unmeasured(`needs ${LEAST_CASES}`)
    return { hits, n, value: missing, interval: missing }
  }
  return {
    hits,
    n,
    value: measured(hits / n),
    interval: measured({ ...wilson(hits, n), method: 'wilson' }),
  }
}

export function scoresOf(decisions: readonly Decision[]): Scores {
  const count = (label: Label, positive: boolean) =>
    decisions.filter((one) => one.label === label && one.positive === positive).length
  const confusion = {
    truePositives: count('malicious', true),
    falsePositives: count('benign', true),
    trueNegatives: count('benign', false),
    falseNegatives: count('malicious', false),
  }
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion
  return {
    ...confusion,
    tpr: rateOf(truePositives, truePositives + falseNegatives),
    fpr: rateOf(falsePositives, falsePositives + trueNegatives),
    precision: rateOf(truePositives, truePositives + falsePositives),
    f1: f1(confusion),
    balancedAccuracy: balancedAccuracy(confusion),
    mcc: mcc(confusion),
  }
}

/** 2TP / (2TP + FP + FN). */
function f1({ truePositives, falsePositives, falseNegatives }: Confusion): Score {
  const n = truePositives + falsePositives + falseNegatives
  return scoreOf(n, n < LEAST_CASES, (2 * truePositives) / (n + truePositives))
}

/** (TPR + 1 - FPR) / 2: both labels count alike, however many of each there are. */
function balancedAccuracy(confusion: Confusion): Score {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion
  const malicious = truePositives + falseNegatives
  const benign = falsePositives + trueNegatives
  return scoreOf(
    malicious + benign,
    Math.min(malicious, benign) < LEAST_CASES,
    (truePositives / malicious + trueNegatives / benign) / 2,
  )
}

/** Matthews 1975. It has no value where all cases have one label, or all one verdict. */
function mcc(confusion: Confusion): Score {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion
  const malicious = truePositives + falseNegatives
  const benign = falsePositives + trueNegatives
  const blocked = truePositives + falsePositives
  const allowed = trueNegatives + falseNegatives
  const product = Math.sqrt(malicious) * Math.sqrt(benign) * Math.sqrt(blocked) * Math.sqrt(allowed)
  const n = malicious + benign
  if (n >= LEAST_CASES && product === 0) {
    return { n, value: unmeasured('all cases have one label, or all one verdict') }
  }
  const value = (truePositives * trueNegatives - falsePositives * falseNegatives) / product
  return scoreOf(n, n < LEAST_CASES, Math.max(-1, Math.min(1, value)))
}

function scoreOf(n: number, tooFew: boolean, value: number): Score {
  return { n, value: tooFew ? unmeasured(`needs ${LEAST_CASES}`) : measured(value) }
}
