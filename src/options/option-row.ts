import type { Kind } from './kinds.ts'

/** One flag: everything that parsing, help and docs need to know of it. `T` is what the option's value can be. */
export interface OptionRow<T> {
  /** Without the leading dashes. */
  readonly flag: string
  readonly kind: Kind<NonNullable<T>>
  readonly default: T
  /** One sentence, without the default. */
  readonly help: string
  readonly group: string
  /** Environment variable that gives the value where the flag does not. */
  readonly env?: string
  /** The value may never be repeated in a message. */
  readonly hidden?: boolean
  /** Where a config file may not give it: `never`, or only in a file that was `named` on the command line. */
  readonly inFile?: 'never' | 'named'
}

/** An option that may be given any number of times. */
export interface RepeatedRow<E> {
  readonly flag: string
  readonly each: Kind<E>
  readonly help: string
  readonly group: string
  readonly hidden?: boolean
  readonly inFile?: 'never' | 'named'
}

export type Table = Readonly<Record<string, object>>

/** The parsed values of a table. */
export type OptionsOf<T> = {
  readonly [K in keyof T]: T[K] extends OptionRow<infer V>
    ? V
    : T[K] extends RepeatedRow<infer E>
      ? readonly E[]
      : never
}

type Words = 'help' | 'group' | 'env' | 'hidden' | 'inFile'

export function option<T>(
  flag: string,
  kind: Kind<T>,
  fallback: T,
  words: Pick<OptionRow<T>, Words>,
): OptionRow<T> {
  return { flag, kind: kind as Kind<NonNullable<T>>, default: fallback, ...words }
}

export function optional<T>(
  flag: string,
  kind: Kind<T>,
  words: Pick<OptionRow<T>, Words>,
): OptionRow<T | undefined> {
  return { flag, kind: kind as Kind<NonNullable<T>>, default: undefined, ...words }
}

export function repeated<E>(
  flag: string,
  each: Kind<E>,
  words: Pick<RepeatedRow<E>, 'help' | 'group' | 'hidden' | 'inFile'>,
): RepeatedRow<E> {
  return { flag, each, ...words }
}
