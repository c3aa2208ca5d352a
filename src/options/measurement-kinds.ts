import { BUDGET_METRICS, type OverheadBudget, type Slo } from '../model/budget.ts'
import { FINDINGS_SOURCES, type FindingsSourceName } from '../model/findings.ts'
import { httpUrl, type Kind, readDuration, readShare, secret } from './kinds.ts'

export interface Named<T> {
  readonly name: string
  readonly value: T
}

const NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/

/** `name=value`, the value of another kind. */
function named<T>(kind: Kind<T>, placeholder: string, example: string): Kind<Named<T>> {
  return {
    placeholder,
    read: (given) => {
      const equals = given.indexOf('=')
      const name = given.slice(0, Math.max(0, equals))
      if (!NAME.test(name)) return { problem: `does not begin with a name; write it as ${example}` }
      const read = kind.read(given.slice(equals + 1))
      return 'problem' in read ? read : { value: { name, value: read.value } }
    },
    print: ({ name, value }) => `${name}=${kind.print(value)}`,
  }
}

export const endpointUrl = named(
  httpUrl,
  '<name=url>',
  'proxy=http://127.0.0.1:8081/v1/chat/completions',
)

export const endpointSecret = named(secret, '<name=secret>', 'proxy=TOKEN')

export interface FindingsUrl extends Named<string> {
  readonly name: FindingsSourceName
}

/** `llmtrace=http://127.0.0.1:8081`. */
export const findingsUrl: Kind<FindingsUrl> = {
  placeholder: '<name=url>',
  read: (given) => {
    const read = named(httpUrl, '', 'llmtrace=http://127.0.0.1:8081').read(given)
    if ('problem' in read) return read
    const name = FINDINGS_SOURCES.find((known) => known === read.value.name)
    return name === undefined
      ? { problem: `names no known source of findings; known are ${FINDINGS_SOURCES.join(', ')}` }
      : { value: { name, value: read.value.value } }
  },
  print: ({ name, value }) => `${name}=${value}`,
}

/** `p95=5ms,mean=2%`. */
export const overheadBudgets: Kind<readonly OverheadBudget[]> = {
  placeholder: '<metric=limit,...>',
  read: (given) => {
    const budgets: OverheadBudget[] = []
    for (const entry of given.split(',').map((part) => part.trim())) {
      const [name, limit = '', ...rest] = entry.split('=')
      const metric = BUDGET_METRICS.find((known) => known === name)
      const known = readLimit(limit)
      if (metric === undefined || known === undefined || rest.length > 0) {
        return {
          problem: `has the entry "${entry}"; write METRIC=LIMIT with ${BUDGET_METRICS.join(', ')} and a limit such as 5ms or 2%`,
        }
      }
      budgets.push({ metric, limit: known })
    }
    return { value: budgets }
  },
  print: (value) =>
    value
      .map(({ metric, limit }) =>
        'ms' in limit ? `${metric}=${limit.ms}ms` : `${metric}=${limit.share * 100}%`,
      )
      .join(','),
}

function readLimit(text: string): OverheadBudget['limit'] | undefined {
  const share = text.endsWith('%') ? readShare(text) : undefined
  if (share !== undefined) return { share }
  const ms = readDuration(text)
  return ms === undefined ? undefined : { ms }
}

const SLO_LIMITS = { ttft: 'ttftMs', tpot: 'tpotMs', e2e: 'e2eMs' } as const

/** `e2e=2s`, or `ttft=500ms,tpot=50ms,e2e=2s`. */
export const slo: Kind<Slo> = {
  placeholder: '<limit=duration,...>',
  read: (given) => {
    const limits: Partial<Record<keyof Slo, number>> = {}
    for (const entry of given.split(',').map((part) => part.trim())) {
      const [, name = '', text = ''] = /^(ttft|tpot|e2e)=(.+)$/.exec(entry) ?? []
      const ms = readDuration(text)
      if (!ms)
        return { problem: 'is not an SLO; write it as e2e=2s or ttft=500ms,tpot=50ms,e2e=2s' }
      const limit = SLO_LIMITS[name as keyof typeof SLO_LIMITS]
      if (limits[limit] !== undefined)
        return { problem: `names ${name} twice; name each limit once` }
      limits[limit] = ms
    }
    return { value: limits }
  },
  print: (value) =>
    Object.entries(SLO_LIMITS)
      .flatMap(([name, limit]) => (value[limit] === undefined ? [] : [`${name}=${value[limit]}ms`]))
      .join(','),
}
