import type { RunFormat } from './run-format.ts'

/** Every format of `report --format`, by its name. One file and one line each; test/formats/ holds them to one suite. */
export const RUN_FORMATS = {
  text: { help: 'as the run printed it', load: () => import('./text.ts') },
  markdown: { help: 'with a heading and what was run', load: () => import('./markdown.ts') },
  json: { help: 'the result file', load: () => import('./json.ts') },
  csv: { help: 'a row an endpoint and level', load: () => import('./csv.ts') },
} as const satisfies Readonly<Record<string, RunFormat>>

export type FormatName = keyof typeof RUN_FORMATS

export const FORMAT_NAMES = Object.keys(RUN_FORMATS) as FormatName[]
