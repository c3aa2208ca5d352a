import type { Warning } from '../../model/warning.ts'
import {
  cacheHits,
  contentMismatch,
  hiddenRetries,
  tokenMismatch,
  truncatedReasoning,
} from './answers.ts'
import { blocksAmongOk, blocksInComparison } from './blocks.ts'
import type { Check, Evidence } from './check.ts'
import { clientSaturated, coldClient, heldBack, scheduleLag } from './client.ts'
import { biasedControl } from './control.ts'
import { failures, reconnects, stoppedEarly, throttling } from './failures.ts'
import { baselineSaturated, drift, fewSamples, outlyingRounds } from './stability.ts'
import { brokenStreams, buffering, coalescing, contents, roleFrames } from './streams.ts'

const CHECKS: readonly Check[] = [
  failures,
  throttling,
  blocksAmongOk,
  blocksInComparison,
  reconnects,
  stoppedEarly,
  clientSaturated,
  scheduleLag,
  heldBack,
  drift,
  outlyingRounds,
  baselineSaturated,
  fewSamples,
  cacheHits,
  hiddenRetries,
  tokenMismatch,
  contentMismatch,
  truncatedReasoning,
  brokenStreams,
  roleFrames,
  buffering,
  coalescing,
  contents,
  biasedControl,
  coldClient,
]

/** What to doubt in a run. */
export function findWarnings(evidence: Evidence): Warning[] {
  return CHECKS.flatMap((check) => check(evidence))
}
