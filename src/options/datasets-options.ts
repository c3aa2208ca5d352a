import { SUITES } from '../model/suite.ts'
import { UsageError } from '../model/usage-error.ts'
import { choice, flag, integer, path, pairs, text } from './kinds.ts'
import { option, optional, type OptionsOf } from './option-row.ts'

const CHOOSING = 'Choosing rows'
const IMPORT = 'Importing'
const OUTPUT = 'Output'

export const DATASETS_OPTIONS = {
  datasetSuite: optional('dataset-suite', choice(SUITES, '<suite>'), {
    group: CHOOSING,
    help: 'Which suite, where no FILE is given: core, external, all, dlp, output, shape or mini. stats and sample take core without it, list and show look into each.',
  }),
  datasetSkipInvalid: option('dataset-skip-invalid', flag, false, {
    group: CHOOSING,
    help: 'Leave bad rows out instead of refusing the file.',
  }),
  seed: option('seed', integer(0), 1, {
    group: CHOOSING,
    help: 'sample: seed of the choice. import: seed of adapters that place attacks.',
  }),
  balanced: option('balanced', flag, false, {
    group: CHOOSING,
    help: 'sample: as many malicious as benign rows, instead of their shares in the corpus.',
  }),

  from: optional('from', text, {
    group: IMPORT,
    help: 'import: the format of FILE, by the name of its adapter; without it the message lists them.',
  }),
  map: option(
    'map',
    pairs,
    {},
    {
      group: IMPORT,
      help: 'generic adapter: which field of FILE gives which of ours, such as text=prompt,label=is_attack.',
    },
  ),
  labelMap: option(
    'label-map',
    pairs,
    {},
    {
      group: IMPORT,
      help: 'generic adapter: which value is which label, such as 1=malicious,0=benign.',
    },
  ),
  licenceFile: optional('licence-file', path, {
    group: IMPORT,
    help: 'import: the licence text to record; by default that of a LICENSE file beside FILE.',
  }),

  out: optional('out', path, {
    group: OUTPUT,
    help: 'Write the rows to this file: a JSON array, or JSONL where it ends in .jsonl.',
  }),
  format: option('format', choice(['text', 'json']), 'text', {
    group: OUTPUT,
    help: 'list, stats and show: as text or as JSON.',
  }),
}

export type DatasetsOptions = OptionsOf<typeof DATASETS_OPTIONS>

interface ActionRow {
  /** The words after the action. */
  readonly operands: string
  readonly least: number
  readonly most: number
  readonly help: string
}

/** What `datasets` can do: its first word. */
export const DATASETS_ACTIONS = {
  list: { operands: '', least: 0, most: 0, help: 'The suites, their files and counts.' },
  stats: {
    operands: '[FILE...]',
    least: 0,
    most: Infinity,
    help: 'Counts by label, category, language and length.',
  },
  validate: {
    operands: 'FILE...',
    least: 1,
    most: Infinity,
    help: 'Every bad row; exit code 1 if there is one.',
  },
  show: {
    operands: 'ID [FILE...]',
    least: 1,
    most: Infinity,
    help: 'One row, whole.',
  },
  sample: {
    operands: 'N [FILE...]',
    least: 1,
    most: Infinity,
    help: 'N rows, each label with its share; the same for the same --seed.',
  },
  dedupe: {
    operands: 'FILE...',
    least: 1,
    most: Infinity,
    help: 'The files in one, each prompt once; needs --out.',
  },
  import: {
    operands: 'FILE...',
    least: 1,
    most: Infinity,
    help: 'A public set in our format, and its origin beside it; needs --from and --out.',
  },
} as const satisfies Readonly<Record<string, ActionRow>>

export type DatasetsAction = keyof typeof DATASETS_ACTIONS

/** One line for each action, for help and docs. */
export const ACTION_LINES: readonly (readonly [usage: string, help: string])[] = Object.entries(
  DATASETS_ACTIONS,
).map(([action, { operands, help }]) => [`${action} ${operands}`.trim(), help])

/** The action and its words. Throws UsageError for an unknown one, and for too few or too many words. */
export function readDatasetsAction(
  words: readonly string[],
  { out }: DatasetsOptions,
): { readonly action: DatasetsAction; readonly operands: readonly string[] } {
  const [name, ...operands] = words
  const actions = Object.keys(DATASETS_ACTIONS) as DatasetsAction[]
  const action = actions.find((one) => one === name)
  if (action === undefined) {
    const given = name === undefined ? '' : `, not ${JSON.stringify(name)}`
    throw new UsageError(
      `datasets takes one of ${actions.join(', ')}${given} (see datasets --help)`,
    )
  }
  const { least, most, operands: usage } = DATASETS_ACTIONS[action]
  if (operands.length < least || operands.length > most) {
    const received = operands.map((word) => JSON.stringify(word)).join(' ') || 'nothing'
    throw new UsageError(
      `datasets ${action} received ${received}; give ${`datasets ${action} ${usage}`.trim()}`,
    )
  }
  if ((action === 'dedupe' || action === 'import') && out === undefined) {
    throw new UsageError(`datasets ${action} needs --out FILE, such as ${exampleOut(action)}`)
  }
  return { action, operands }
}

function exampleOut(action: 'dedupe' | 'import'): string {
  return action === 'import'
    ? '--out benchmarks/datasets/external/deepset.json'
    : '--out merged.json'
}
