import { type ColumnMap, TIME_UNITS } from '../model/pair-source.ts'
import { choice, integer, type Kind, path } from './kinds.ts'
import { option, optional, type OptionsOf } from './option-row.ts'

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

export const COMPARE_OPTIONS = {
  pairs: optional('pairs', path, {
    group: PAIRS,
    help: 'JSON (an array of objects, or an object with one array) or CSV with a header; a row is a pair, in order of measurement (required).',
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
    group: COMPARISON,
    help: 'Blocks of consecutive pairs that the intervals are taken over; by default 10.',
  }),
  format: option('format', choice(['text', 'json']), 'text', {
    group: COMPARISON,
    help: 'text: tables. json: one object, with a schema_version.',
  }),
}

/** The options, `pairs` among them: parsing refuses a command line without. */
export type CompareOptions = OptionsOf<typeof COMPARE_OPTIONS> & { readonly pairs: string }
