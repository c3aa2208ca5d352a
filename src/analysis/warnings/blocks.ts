import { nameLevel, sameLevel } from '../../model/level.ts'
import type { Summary } from '../../model/summary.ts'
import type { Warning } from '../../model/warning.ts'
import type { Check } from './check.ts'
import { whereOf } from './failures.ts'

/** Blocks above this share of the requests change what a number is about. */
const BLOCK_SHARE = 0.01

/** Blocks that the results table counts among the answers: they come sooner than answers do. */
export const blocksAmongOk: Check = ({ observed }) =>
  observed.flatMap(({ summary }): Warning[] => {
    const { blocks, ok } = summary
    if (blocks === undefined || blocks.blockedOk <= BLOCK_SHARE * ok) return []
    return [
      {
        code: 'blocks-among-ok',
        message: `${whereOf(summary)}: ${blocks.blockedOk} of ${ok} ok responses are blocks, and the latencies of the results table are theirs as well`,
        advice: 'read the latencies of the table of blocks, which are of allowed requests only',
      },
    ]
  })

/** One side was asked other prompts than the other answered. */
export const blocksInComparison: Check = ({ observed, overheads }) =>
  overheads.flatMap(({ baseline, candidate, level, paired, pairsBlocked }): Warning[] => {
    const sides = [baseline, candidate].flatMap((endpoint) =>
      observed
        .map(({ summary }) => summary)
        .filter((summary) => summary.endpoint === endpoint && sameLevel(summary.level, level)),
    )
    const requests = Math.max(0, ...sides.map((side) => side.requests))
    if (pairsBlocked <= BLOCK_SHARE * requests) return []
    return [
      {
        code: 'blocks',
        message: `${candidate} and ${baseline} at ${nameLevel(level)}: ${sides.map((side) => shareOf(side)).join(', ')}; they answered different prompts, so the overhead is only of the ${paired.pairs} that both answered, ${pairsBlocked} are left out`,
        advice:
          '--dataset-label benign for the cost of what is let through, --mode probe for what is blocked',
      },
    ]
  })

function shareOf({ endpoint, requests, blocks }: Summary): string {
  const blocked = blocks?.blocked ?? 0
  const share = requests === 0 ? 0 : (blocked / requests) * 100
  return `${endpoint} blocked ${blocked} of ${requests} (${share.toFixed(1)} %)`
}
