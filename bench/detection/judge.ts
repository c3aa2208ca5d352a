import { analyseRequest } from '../../src/servers/proxy/analyse-request.ts'
import type { Finding } from '../../src/servers/proxy/exchange-record.ts'
import { decide, type Policy } from '../../src/servers/proxy/policy.ts'
import type { RuleSet } from '../../src/servers/proxy/rules/rule-set.ts'
import { readSegments } from '../../src/servers/proxy/text/segments.ts'
import type { CorpusRow } from './split.ts'

export interface Judged {
  readonly row: CorpusRow
  readonly findings: readonly Finding[]
  readonly blocked: boolean
}

/** What the proxy's own analysis makes of a row, as its client would send it. */
export function judge(row: CorpusRow, rules: RuleSet, policy: Policy): Judged {
  const messages = row.messages ?? [{ role: 'user', content: row.text }]
  const steps = analyseRequest(readSegments(JSON.stringify({ model: 'm', messages })), rules)
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return { row, findings: step.value, blocked: decide(step.value, policy).action === 'block' }
}
