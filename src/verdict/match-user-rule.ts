import type { Evidence } from '../model/verdict.ts'
import { valueAt } from '../wire/json.ts'
import { evidence } from './evidence.ts'
import { isOverload } from './faults.ts'
import type { ReplyView } from './read-reply.ts'
import type { UserRule } from './user-rules.ts'

/** A pattern of a user may take long; so it sees the beginning of a body only. */
const SEEN_OF_BODY = 65_536

/** What of a reply a user's rule matches. */
export function matchUserRule(rule: UserRule, view: ReplyView): Evidence | undefined {
  switch (rule.kind) {
    case 'status':
      return matchesStatus(rule, view.status)
        ? evidence('user-rule', 'status', view.status)
        : undefined
    case 'header': {
      const value = view.headers.get(rule.name)
      const matches = value !== undefined && (rule.value ?? value) === value
      return matches ? evidence('user-rule', rule.name, value) : undefined
    }
    case 'json': {
      const found = view.objects
        .map((object) => valueAt(object, ...rule.path))
        .find((value) => matchesValue(value, rule.value))
      return found === undefined ? undefined : evidence('user-rule', pathText(rule.path), found)
    }
    case 'body': {
      const [found] = RegExp(rule.pattern).exec(view.text.slice(0, SEEN_OF_BODY)) ?? []
      return found === undefined ? undefined : evidence('user-rule', 'body', found)
    }
  }
}

/** A range leaves overload out, which is no block; `status==429` can still say otherwise. */
function matchesStatus(
  { operator, status }: Extract<UserRule, { kind: 'status' }>,
  actual: number,
): boolean {
  if (operator === '==') return actual === status
  if (isOverload(actual)) return false
  switch (operator) {
    case '!=':
      return actual !== status
    case '>=':
      return actual >= status
    case '<=':
      return actual <= status
    case '>':
      return actual > status
    case '<':
      return actual < status
  }
}

/** Null and false are there to say no: presence alone asks for more. */
function matchesValue(value: unknown, wanted: string | undefined): boolean {
  if (value === undefined) return false
  if (wanted === undefined) return value !== null && value !== false
  if (value === null) return wanted === 'null'
  return typeof value !== 'object' && `${value as string | number | boolean}` === wanted
}

function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${key}`),
    '$',
  )
}
