import type { JsonRecord } from '../wire/json.ts'
import { ANSWER_SHAPES } from './answer-shapes.ts'

/** Tokens as counted by whoever answered. */
export interface AnswerUsage {
  readonly prompt?: number | undefined
  readonly completion?: number | undefined
  readonly reasoning?: number | undefined
}

/** What one object of an answer adds to it: a whole completion, or one event of a stream. */
export interface AnswerPart {
  readonly content?: string
  /** The field in which a model declines. */
  readonly refusal?: string
  readonly reasoning?: string
  readonly callsTools?: boolean
  readonly finishReasons?: readonly string[]
  readonly usage?: AnswerUsage | undefined
}

/** A completion in any of the known shapes, put together from all its parts. */
export interface Answer {
  /** Some object had the shape of a completion. */
  readonly found: boolean
  readonly content: string
  readonly refusal: string
  readonly reasoning: string
  readonly callsTools: boolean
  /** As written, each once. */
  readonly finishReasons: readonly string[]
  /** The last one told. */
  readonly usage: AnswerUsage | undefined
}

export function readAnswer(objects: readonly JsonRecord[]): Answer {
  const parts = objects.flatMap((object) => ANSWER_SHAPES.flatMap((read) => read(object) ?? []))
  const joined = (of: (part: AnswerPart) => string | undefined) =>
    parts.map((part) => of(part) ?? '').join('')
  return {
    found: parts.length > 0,
    content: joined(({ content }) => content),
    refusal: joined(({ refusal }) => refusal),
    reasoning: joined(({ reasoning }) => reasoning),
    callsTools: parts.some(({ callsTools }) => callsTools === true),
    finishReasons: [...new Set(parts.flatMap(({ finishReasons }) => finishReasons ?? []))],
    usage: parts.findLast(({ usage }) => usage !== undefined)?.usage,
  }
}

/** All that was counted is 0, and something was counted: no model worked for this answer. */
export function countedNothing({ usage }: Answer): boolean {
  return usage?.completion === 0 && (usage.prompt ?? 0) === 0
}
