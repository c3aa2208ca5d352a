import { nameLevel } from '../../model/level.ts'
import type { Warning } from '../../model/warning.ts'
import type { Check } from './check.ts'

/** An A/A comparison that finds a difference says that the set-up is biased. */
export const biasedControl: Check = ({ overheads }) =>
  overheads
    .filter(({ control }) => control)
    .flatMap((overhead): Warning[] => {
      const mean = overhead.rows.find(({ metric }) => metric === 'mean')
      const interval = mean?.interval.value
      if (interval === undefined || (interval.low <= 0 && interval.high >= 0)) return []
      return [
        {
          code: 'biased-control',
          message: `${overhead.baseline} against itself at ${nameLevel(overhead.level)} differs by ${mean?.delta.value?.toFixed(2)} ms, and the interval excludes 0 (one run in twenty does so by chance)`,
          advice: 'repeat the run; if it stays, the order or the machine favours one side',
        },
      ]
    })
