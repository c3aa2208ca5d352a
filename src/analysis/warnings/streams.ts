import { sameLevel } from '../../model/level.ts'
import type { StreamCheck, StreamIntegrity } from '../../model/stream-result.ts'
import type { Warning } from '../../model/warning.ts'
import type { Check } from './check.ts'
import { whereOf } from './failures.ts'

/** A share of the answers that is worth a word, and a difference between two shares that is. */
const NOTABLE = 0.01

/** Content chunks joined by this factor and more change what a reader sees. */
const COALESCED = 1.2

/** A drop of the median gap by this share is clumping, not speed. */
const CLUMPED = 0.1

type Code = Warning['code']

interface Rule {
  readonly check: StreamCheck
  readonly code: Code
  /** What so many of so many answers do. */
  readonly what: string
  readonly advice: string
}

/** Wrong whoever does it; an endpoint that has it no oftener than its baseline is not blamed for it. */
const RULES: readonly Rule[] = [
  {
    check: 'not a stream',
    code: 'not-a-stream',
    what: 'came as a whole although a stream was asked for',
    advice:
      'see whether the route supports streaming; TTFT is then that of the whole answer or absent',
  },
  {
    check: 'truncated',
    code: 'stream-truncated',
    what: 'broke off: neither a finish reason nor [DONE]',
    advice: 'look for time limits of the proxy and of what stands before it',
  },
  {
    check: 'error event',
    code: 'stream-error',
    what: 'held an error in the midst of the stream, behind a status 2xx',
    advice: 'see the log of the proxy; these answers count as ok by their status',
  },
  {
    check: 'no [DONE]',
    code: 'done-lost',
    what: 'ended without [DONE]',
    advice: 'clients that wait for it hang until the connection ends',
  },
  {
    check: 'no usage',
    code: 'usage-lost',
    what: 'held no usage, so TPOT and tokens are blank for them',
    advice: 'see whether the proxy passes stream_options on',
  },
  {
    check: 'broken text',
    code: 'broken-text',
    what: 'held characters that were cut apart, as U+FFFD or bytes that are no UTF-8',
    advice: 'the proxy decodes piece by piece; other languages than English suffer most',
  },
  {
    check: 'not JSON',
    code: 'broken-events',
    what: 'held an event that is not a JSON object',
    advice: 'the proxy cuts or joins events in the wrong place',
  },
]

/** Only a difference says anything: models may do either. */
const ROLE_RULES = [
  {
    check: 'no role frame',
    direction: 1,
    what: 'lack the event that names the role, which the baseline sends',
  },
  {
    check: 'no role frame',
    direction: -1,
    what: 'have an event that names the role, which the baseline does not send',
  },
  {
    check: 'two role frames',
    direction: 1,
    what: 'name the role in two events, which the baseline does not',
  },
] as const

export const brokenStreams: Check = ({ streams }) =>
  (streams?.integrity ?? []).flatMap((one) =>
    RULES.flatMap(({ check, code, what, advice }): Warning[] => {
      const share = one.checks[check].value
      if (share === undefined || excessOf(one, check, streams?.integrity ?? []) <= NOTABLE)
        return []
      const message = `${whereOf(one)}: ${share.count} of ${share.of} answers ${what}`
      return [{ code, message, advice }]
    }),
  )

export const roleFrames: Check = ({ streams }) =>
  (streams?.integrity ?? []).flatMap((one) =>
    ROLE_RULES.flatMap(({ check, direction, what }): Warning[] => {
      const share = one.checks[check].value
      if (one.baseline === undefined || share === undefined) return []
      const excess = excessOf(one, check, streams?.integrity ?? [])
      if (excess * direction <= NOTABLE) return []
      const count = direction === 1 ? share.count : share.of - share.count
      return [
        {
          code: 'role-frame',
          message: `${whereOf(one)}: ${count} of ${share.of} answers ${what}: the first events of the two are not the same thing`,
          advice: 'compare TTFT, which is from content to content, and not TTFC',
        },
      ]
    }),
  )

/** How much larger the share is than the baseline's; the share itself where there is no baseline. */
function excessOf(
  one: StreamIntegrity,
  check: StreamCheck,
  all: readonly StreamIntegrity[],
): number {
  const baseline = all.find(
    ({ endpoint, level }) => endpoint === one.baseline && sameLevel(level, one.level),
  )
  return rateOf(one, check) - (baseline === undefined ? 0 : rateOf(baseline, check))
}

function rateOf({ checks }: StreamIntegrity, check: StreamCheck): number {
  const share = checks[check].value
  return share === undefined || share.of === 0 ? 0 : share.count / share.of
}

export const buffering: Check = ({ streams }) =>
  (streams?.integrity ?? []).flatMap((one): Warning[] => {
    const share = one.checks['one burst'].value
    if (share === undefined || rateOf(one, 'one burst') <= NOTABLE) return []
    return [
      {
        code: 'buffered',
        message: `${whereOf(one)}: ${share.count} of ${share.of} answers came in one burst although ${one.baseline} spreads them out: the proxy holds streams back`,
        advice: 'turn response buffering off on the proxy, and on what stands before it',
      },
    ]
  })

/** Joined chunks, and gaps that look better through the proxy, which is the same seen from the other side. */
export const coalescing: Check = ({ streams }) => [
  ...(streams?.integrity ?? []).flatMap((one): Warning[] => {
    const ratio = one.coalescing.value
    if (ratio === undefined || ratio < COALESCED) return []
    return [
      {
        code: 'coalesced',
        message: `${whereOf(one)}: ${one.chunksPerRead.value?.toFixed(1)} content chunks come in a read, ${ratio.toFixed(1)} times as many as at ${one.baseline}: the proxy sends them in bunches`,
        advice: 'read ICL with care: most gaps are 0, and the waiting is in the others',
      },
    ]
  }),
  ...(streams?.overheads ?? [])
    .filter(({ control }) => !control)
    .flatMap(({ candidate, baseline, level, comparisons }): Warning[] => {
      const icl = comparisons.find(({ metric }) => metric === 'icl')
      const median = icl?.rows.find(({ metric }) => metric === 'p50')
      const high = median?.interval.value?.high
      const before = median?.baseline.value
      if (high === undefined || before === undefined || high >= -CLUMPED * before) return []
      return [
        {
          code: 'clumped',
          message: `${whereOf({ endpoint: candidate, level })}: the median gap between chunks is ${Math.abs(median?.delta.value ?? 0).toFixed(1)} ms shorter than at ${baseline}: chunks are held back and come in clumps`,
          advice: 'compare ICL p95 and p99, and TPOT, instead of its median',
        },
      ]
    }),
]

export const contents: Check = ({ streams }) =>
  (streams?.integrity ?? []).flatMap((one) =>
    (['altered', 'reordered'] as const).flatMap((check): Warning[] => {
      const share = one.checks[check].value
      if (share === undefined || share.count === 0) return []
      const what = check === 'altered' ? 'another text' : 'the same letters in another order'
      return [
        {
          code: 'content-altered',
          message: `${whereOf(one)}: ${share.count} of ${share.of} answers have ${what} than ${one.baseline} gives to the same prompt every time`,
          advice:
            'at --temperature 0 check what the proxy rewrites, and whether both reach the same model',
        },
      ]
    }),
  )
