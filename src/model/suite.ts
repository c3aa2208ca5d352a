/** The specification's suites, then ours, which no headline rate counts. */
export const SUITES = ['core', 'external', 'all', 'dlp', 'output', 'shape', 'mini'] as const

export type Suite = (typeof SUITES)[number]
