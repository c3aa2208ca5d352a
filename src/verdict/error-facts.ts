import { isRecord, type JsonRecord, listAt, parseJson, textAt } from '../wire/json.ts'
import { pythonToJson } from './python-literal.ts'

/** One error of a reply, whatever its shape was. */
export interface ErrorFacts {
  /** Where it lies, such as `error` or `choices[].error`; `body` for the reply's own top. */
  readonly at: string
  /** Empty where there is none; a number is written out. */
  readonly type: string
  readonly code: string
  /** The message where it is a text; the message inside it where it is JSON or Python's notation of it. */
  readonly message: string
  /** The error itself; empty for a mere text. */
  readonly fields: JsonRecord
}

const MOST_ERRORS = 40
const MOST_LEVELS = 5
/** A text that begins so may hold an object. */
const LITERAL = /^\s*[[{]/

/**
 * Every error in the objects of a reply: `error` as object, text or list, `errors`, FastAPI's `detail`, errors of
 * single choices, and bodies that are themselves an error. What is nested in a message is found as well, as an
 * object, as JSON in a string, or as Python prints a dict.
 */
export function readErrors(objects: readonly JsonRecord[]): readonly ErrorFacts[] {
  const found: ErrorFacts[] = []
  for (const object of objects) {
    collect(object['error'], 'error', 0, found)
    collect(object['errors'], 'errors', 0, found)
    collect(object['detail'], 'detail', 0, found)
    for (const choice of listAt(object, 'choices')) {
      if (isRecord(choice)) collect(choice['error'], 'choices[].error', 0, found)
    }
    // The failed event of OpenAI's responses.
    if (isRecord(object['response'])) {
      collect(object['response']['error'], 'response.error', 0, found)
    }
    if (isErrorItself(object)) collect(object, 'body', 0, found)
  }
  return found.slice(0, MOST_ERRORS)
}

/** A body with a message and nothing else beside it: APISIX, WSO2, Databricks. An answer's message is an object. */
function isErrorItself(object: JsonRecord): boolean {
  const { message, code } = object
  if ('error' in object || 'choices' in object) return false
  return typeof message === 'string' || (isRecord(message) && code !== undefined)
}

function collect(value: unknown, at: string, level: number, into: ErrorFacts[]): void {
  if (level > MOST_LEVELS || into.length >= MOST_ERRORS) return
  if (typeof value === 'string') collectText(value, at, level, into)
  else if (Array.isArray(value)) for (const one of value) collect(one, at, level + 1, into)
  else if (isRecord(value)) {
    const { type, code, status, message } = value
    into.push({
      at,
      type: written(type),
      // Google calls the name of a code its status.
      code: written(code) || textAt(value, 'error_code') || written(status),
      message: typeof message === 'string' ? message : textAt(value, 'error'),
      fields: value,
    })
    if (isRecord(message) || (typeof message === 'string' && LITERAL.test(message))) {
      collect(message, `${at}.message`, level + 1, into)
    }
    if (isRecord(value['error'])) collect(value['error'], `${at}.error`, level + 1, into)
  }
}

function collectText(text: string, at: string, level: number, into: ErrorFacts[]): void {
  const nested = LITERAL.test(text) ? (parseJson(text) ?? parseJson(pythonToJson(text))) : undefined
  if (typeof nested === 'object' && nested !== null) collect(nested, at, level + 1, into)
  else if (text.trim() !== '') {
    into.push({ at, type: '', code: '', message: text, fields: {} })
  }
}

function written(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
