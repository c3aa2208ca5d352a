import type { RunFormat } from './run-format.ts'

/** Every format of `report --format`, by its name. One file and one line each; test/formats/ holds them to one suite. */
export const RUN_FORMATS = {
  text: { help: 'as the run printed it', load: () => import('./text.ts') },
  markdown: { help: 'with a heading and what was run', load: () => import('./markdown.ts') },
  json: {
    help: 'the result file',
    load: () => import('./json.ts'),
    probes: true,
    capacities: true,
  },
  html: {
    help: 'a page with charts, in one file',
    load: () => import('./html.ts'),
    probes: true,
    capacities: true,
  },
  csv: { help: 'a row an endpoint and level', load: () => import('./csv.ts'), samples: true },
  junit: {
    help: 'budgets and gates as test cases',
    load: () => import('./junit.ts'),
    probes: true,
  },
  parquet: { help: 'the samples in columns', load: () => import('./parquet.ts'), binary: true },
  prometheus: { help: 'gauges in text exposition format', load: () => import('./prometheus.ts') },
  vllm: {
    help: 'the keys of vLLM bench serve, for scripts that read them',
    load: () => import('./vllm.ts'),
  },
  github: { help: 'a job summary of at most 1 MiB', load: () => import('./github.ts') },
} as const satisfies Readonly<Record<string, RunFormat>>

export type FormatName = keyof typeof RUN_FORMATS

export const FORMAT_NAMES = Object.keys(RUN_FORMATS) as FormatName[]
