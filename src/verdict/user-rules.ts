import { UsageError } from '../model/usage-error.ts'

export const STATUS_OPERATORS = ['==', '!=', '>=', '<=', '>', '<'] as const

/** A user's own word for what a block looks like. `text` is what was given. */
export type UserRule =
  | {
      readonly kind: 'status'
      readonly text: string
      readonly operator: (typeof STATUS_OPERATORS)[number]
      readonly status: number
    }
  /** Without a value the header only has to be there. */
  | {
      readonly kind: 'header'
      readonly text: string
      readonly name: string
      readonly value: string | undefined
    }
  /** Without a value the field only has to be there. */
  | {
      readonly kind: 'json'
      readonly text: string
      readonly path: readonly (string | number)[]
      readonly value: string | undefined
    }
  | { readonly kind: 'body'; readonly text: string; readonly pattern: string }

const FORMS =
  'write status==403, status>=400, header:x-guard=blocked, header:x-guard, json:$.error.code=content_filter or body~blocked'

const MOST_PATTERN = 200

/** Reads one rule. Throws UsageError that names the text and the way out. */
export function parseUserRule(text: string): UserRule {
  const given = text.trim()
  if (given.startsWith('header:')) return headerRule(given)
  if (given.startsWith('json:')) return jsonRule(given)
  if (given.startsWith('body~')) return bodyRule(given)
  if (/^status\b/.test(given)) return statusRule(given)
  throw wrong(given, `is no rule; ${FORMS}`)
}

function statusRule(text: string): UserRule {
  const [, operator, digits] = /^status\s*([=!<>]=?)\s*(\d{3})$/.exec(text) ?? []
  const known = STATUS_OPERATORS.find((one) => one === operator)
  if (known === undefined) {
    throw wrong(
      text,
      `is no rule on a status; write one of ${STATUS_OPERATORS.join(' ')} and three digits, such as status==403`,
    )
  }
  return { kind: 'status', text, operator: known, status: Number(digits) }
}

function headerRule(text: string): UserRule {
  const [, name, , value] =
    /^header:\s*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*(=\s*(.*))?$/s.exec(text) ?? []
  if (name === undefined) {
    throw wrong(
      text,
      'names no header; write header:x-guard=blocked, or header:x-guard for any value',
    )
  }
  return { kind: 'header', text, name: name.toLowerCase(), value: value?.trim() }
}

/** A step of a path: `.name`, `[0]`, or `["any name"]`. */
const STEP = /\.([A-Za-z_][\w-]*)|\[(\d{1,6})\]|\[(?:"([^"\]]+)"|'([^'\]]+)')\]/y

function jsonRule(text: string): UserRule {
  const given = text.slice('json:'.length).trimStart()
  const path: (string | number)[] = []
  STEP.lastIndex = 1
  let end = 1
  while (given.startsWith('$')) {
    const [, name, position, double, single] = STEP.exec(given) ?? []
    const key = name ?? double ?? single
    if (key === undefined && position === undefined) break
    path.push(key ?? Number(position))
    end = STEP.lastIndex
  }
  const rest = given.slice(end).trim()
  if (path.length === 0 || (rest !== '' && !rest.startsWith('='))) {
    throw wrong(
      text,
      'has no path that can be followed; write json:$.error.code=content_filter, with [0] for a place in a list and ["x-y"] for other names',
    )
  }
  return { kind: 'json', text, path, value: rest === '' ? undefined : rest.slice(1).trim() }
}

function bodyRule(text: string): UserRule {
  const pattern = text.slice('body~'.length)
  if (pattern === '' || pattern.length > MOST_PATTERN) {
    throw wrong(
      text.slice(0, 60),
      `has a pattern of ${pattern.length} characters; give 1 to ${MOST_PATTERN}`,
    )
  }
  if (compiled(text, pattern).test('')) {
    throw wrong(text, 'has a pattern that every body matches; give one that asks for some text')
  }
  return { kind: 'body', text, pattern }
}

function compiled(text: string, pattern: string): RegExp {
  try {
    return RegExp(pattern)
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /s, '') : String(error)
    throw wrong(
      text,
      `has a pattern that is no regular expression (${reason}); escape ( [ * + ? with \\`,
    )
  }
}

function wrong(text: string, problem: string): UsageError {
  return new UsageError(`--blocked-when: "${text}" ${problem}`)
}
