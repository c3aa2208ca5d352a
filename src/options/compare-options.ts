import { type ColumnMap, TIME_UNITS } from '../model/pair-source.ts'
import { RUN_TRAITS } from '../model/run-comparison.ts'
import { RUN_METRICS } from '../model/run-numbers.ts'
import { UsageError } from '../model/usage-error.ts'
import { choice, choiceList, integer, type Kind, path, readShare } from './kinds.ts'
import { option, optional, type OptionsOf } from './option-row.ts'

const RUNS = 'Saved runs'
const PAIRS = 'Pairs'
const COMPARISON = 'Comparison'

/** `direct=COLUMN,proxy=COLUMN`, either or both; a name may hold a comma. */
const columnMap: Kind<ColumnMap> = {
  placeholder: '<direct=column,proxy=column>',
  read: (given) => {
    const map: { direct?: string; proxy?: string } = {}
    for (const entry of given.split(/,(?=(?:direct|proxy)=)/)) {
      const [, side, column = ''] = /^(direct|proxy)=(.+)$/s.exec(entry) ?? []
      if (side !== 'direct' && side !== 'proxy') {
        return {
          problem: `has the entry "${entry}"; write it as direct=COLUMN,proxy=COLUMN, such as direct=direct.latency_ms,proxy=proxy.latency_ms`,
        }
      }
      if (map[side] !== undefined) return { problem: `names ${side} twice; name it once` }
      map[side] = column
    }
    return { value: map }
  },
  print: (value) =>
    Object.entries(value)
      .map(([side, column]) => `${side}=${column}`)
      .join(','),
}

/** `5` or `5%`, as a share. */
const percent: Kind<number> = {
  placeholder: '<percent>',
  read: (given) => {
    const value = readShare(`${given.trim().replace(/%$/, '')}%`)
    return value === undefined ? { problem: 'is not a percentage; write it as 5 or 5%' } : { value }
  },
  print: (value) => `${Number((value * 100).toFixed(9))}%`,
}

export const COMPARE_OPTIONS = {
  metrics: optional('metrics', choiceList(RUN_METRICS), {
    group: RUNS,
    help: 'What saved runs are compared by: mean, p50, p95, p99, ok_rps, which is the default; of a history p50, p95.',
  }),
  allowDifferent: option('allow-different', choiceList(RUN_TRAITS), [], {
    group: RUNS,
    help: 'Compare although the runs differ in these: model, corpus, system (prompt), temperature, max-tokens, shape (of the requests).',
  }),
  failOnRegression: optional('fail-on-regression', percent, {
    group: RUNS,
    help: 'Exit with 1 where the lower bound of a slowdown is above this percentage, with 4 where the samples do not decide.',
  }),
  history: optional('history', path, {
    group: RUNS,
    help: 'The runs in this folder in order of time, and where they changed.',
  }),
  pairs: optional('pairs', path, {
    group: PAIRS,
    help: 'JSON (an array of objects, or an object with one array) or CSV with a header; a row is a pair, in order of measurement.',
  }),
  map: optional('map', columnMap, {
    group: PAIRS,
    help: 'Columns of the two sides, in JSON also a.b for b inside a; by default direct and proxy, also with _ms, _latency or _latency_ms.',
  }),
  unit: option('unit', choice(TIME_UNITS), 'ms', {
    group: PAIRS,
    help: 'Unit of the latencies in the file.',
  }),
  rounds: optional('rounds', integer(2, 100), {
    group: PAIRS,
    help: 'Blocks of consecutive pairs that the intervals are taken over; by default 10.',
  }),
  format: option('format', choice(['text', 'markdown', 'json', 'csv']), 'text', {
    group: COMPARISON,
    help: 'text and markdown: tables. json: one object, with a version. csv: a row a number of a run.',
  }),
}

export type CompareOptions = OptionsOf<typeof COMPARE_OPTIONS>

/** What is to be compared. */
export type CompareTask =
  | { readonly kind: 'pairs'; readonly file: string }
  | { readonly kind: 'runs'; readonly files: readonly string[] }
  | { readonly kind: 'history'; readonly folder: string }

/** Most runs beside each other: they are called A to Z. */
const MOST_RUNS = 26

/** The task that the words and flags come to. Throws UsageError where they come to none, or to several. */
export function readCompareTask(operands: readonly string[], options: CompareOptions): CompareTask {
  const { pairs, history } = options
  const given = [
    ...(operands.length === 0 ? [] : [operands.join(' ')]),
    ...(pairs === undefined ? [] : [`--pairs ${pairs}`]),
    ...(history === undefined ? [] : [`--history ${history}`]),
  ]
  if (given.length > 1) {
    throw new UsageError(`${given.join(' and ')} exclude each other; keep one`)
  }
  checkFlags(options)
  if (pairs !== undefined) return { kind: 'pairs', file: pairs }
  if (history !== undefined) return { kind: 'history', folder: history }
  if (operands.length === 1) {
    throw new UsageError(
      `compare has nothing to compare ${operands[0]} with; give two runs or more, or --history FOLDER`,
    )
  }
  if (operands.length > MOST_RUNS) {
    throw new UsageError(
      `compare received ${operands.length} runs; give at most ${MOST_RUNS}, or --history FOLDER`,
    )
  }
  if (operands.length === 0) {
    throw new UsageError(
      'compare needs saved runs (files of --run-file or --output-json), or --history FOLDER, or --pairs FILE',
    )
  }
  return { kind: 'runs', files: operands }
}

/** A flag of another task would be passed over in silence. */
function checkFlags(options: CompareOptions): void {
  const { pairs, map, rounds, format, failOnRegression, allowDifferent } = options
  const ofPairs = [
    ...(map === undefined ? [] : ['--map']),
    ...(rounds === undefined ? [] : [`--rounds ${rounds}`]),
  ]
  const ofRuns = [
    ...(failOnRegression === undefined ? [] : ['--fail-on-regression']),
    ...(allowDifferent.length === 0 ? [] : [`--allow-different ${allowDifferent.join(',')}`]),
  ]
  const [stray] = pairs === undefined ? ofPairs : ofRuns
  if (stray !== undefined) {
    const wanted = pairs === undefined ? '--pairs FILE' : 'saved runs'
    throw new UsageError(`${stray} is for ${wanted}; leave it out`)
  }
  if (pairs !== undefined && (format === 'markdown' || format === 'csv')) {
    throw new UsageError(`--format ${format} is for saved runs; --pairs takes text or json`)
  }
  if (options.history !== undefined && failOnRegression !== undefined) {
    throw new UsageError(
      '--fail-on-regression judges two runs; give them by name, such as compare OLD NEW',
    )
  }
}
