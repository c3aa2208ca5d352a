/** The two sides of a pair. */
export type Side = 'direct' | 'proxy'

export const TIME_UNITS = ['s', 'ms', 'us'] as const

export type TimeUnit = (typeof TIME_UNITS)[number]

/** The column of each side; absent where its name is to be found. */
export type ColumnMap = Readonly<Partial<Record<Side, string>>>
