import { COMPARE_OPTIONS } from './compare-options.ts'
import type { Table } from './option-row.ts'
import { ACTION_LINES, DATASETS_OPTIONS } from './datasets-options.ts'
import { INIT_OPTIONS } from './init-options.ts'
import { REPORT_OPTIONS } from './report-options.ts'
import { RUN_OPTIONS } from './run-options.ts'
import { CHATBOT_OPTIONS, DEMO_OPTIONS, PROXY_OPTIONS, SIMULATE_OPTIONS } from './server-options.ts'
import { TAP_OPTIONS } from './tap-options.ts'

export interface Operands {
  /** As help shows them, such as `RUN`. */
  readonly usage: string
  readonly most: number
  /** What the words can be, where that needs more than a name: a usage and its meaning, line by line. */
  readonly lines?: readonly (readonly [usage: string, help: string])[]
}

export interface CommandRow {
  /** The word after `llmtrace-bench`; empty for the main command. */
  readonly name:
    | ''
    | 'simulate'
    | 'proxy'
    | 'chatbot'
    | 'tap'
    | 'demo'
    | 'report'
    | 'init'
    | 'completion'
    | 'datasets'
    | 'compare'
  /** The words that the command takes besides flags. */
  readonly operands?: Operands
  readonly help: string
  readonly table: Table
}

export const COMMANDS: readonly CommandRow[] = [
  {
    name: '',
    help: 'Measure what an LLM proxy costs: latency, throughput and errors, direct against proxy.',
    table: RUN_OPTIONS,
  },
  {
    name: 'demo',
    help: 'Start a simulated model and a proxy, measure the proxy, and compare with what was injected.',
    table: DEMO_OPTIONS,
  },
  {
    name: 'init',
    operands: { usage: '[FILE]', most: 1 },
    help: 'Write a config file with every option commented out: llmtrace-bench.yaml, or FILE.',
    table: INIT_OPTIONS,
  },
  {
    name: 'report',
    operands: { usage: 'RUN', most: 1 },
    help: 'Report a saved run again: RUN is a file of --run-file or --output-json.',
    table: REPORT_OPTIONS,
  },
  {
    name: 'compare',
    operands: { usage: '[RUN RUN...]', most: Infinity },
    help: 'Compare saved runs (files of --run-file or --output-json) with the first; or a folder of them in order of time; or pairs of latencies that were measured elsewhere.',
    table: COMPARE_OPTIONS,
  },
  {
    name: 'simulate',
    help: 'Serve a simulated OpenAI-compatible model with known latency and faults.',
    table: SIMULATE_OPTIONS,
  },
  {
    name: 'proxy',
    help: 'Forward to an OpenAI-compatible server, adding a known delay.',
    table: PROXY_OPTIONS,
  },
  {
    name: 'chatbot',
    help: 'Serve an app with instructions, memory and tools, which asks the proxy or model behind it.',
    table: CHATBOT_OPTIONS,
  },
  {
    name: 'tap',
    help: 'Stand before a model, pass everything through unchanged, and write down what arrived.',
    table: TAP_OPTIONS,
  },
  {
    name: 'datasets',
    operands: { usage: 'ACTION [WORD...]', most: Infinity, lines: ACTION_LINES },
    help: 'Look at, check, merge and import datasets of labelled prompts.',
    table: DATASETS_OPTIONS,
  },
  {
    name: 'completion',
    operands: {
      usage: 'SHELL',
      most: 1,
      lines: [
        ['bash', 'eval "$(llmtrace-bench completion bash)" in ~/.bashrc'],
        ['zsh', 'eval "$(llmtrace-bench completion zsh)" in ~/.zshrc'],
        ['fish', 'llmtrace-bench completion fish | source in config.fish'],
      ],
    },
    help: 'Print a script that completes commands, flags and values in a shell.',
    table: {},
  },
]
