import type { Slo } from '../model/budget.ts'

/** `ttft <= 500 ms, e2e <= 2000 ms`. */
export function sloText({ ttftMs, tpotMs, e2eMs }: Slo): string {
  const limits = [
    ['ttft', ttftMs],
    ['tpot', tpotMs],
    ['e2e', e2eMs],
  ] as const
  return limits
    .flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} <= ${ms} ms`]))
    .join(', ')
}
