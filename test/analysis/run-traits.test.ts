import { describe, expect, test } from 'vitest'
import { traitDifferences } from '../../src/analysis/run-traits.ts'
import { savedRunOf } from '../../src/formats/saved-run.ts'
import type { DatasetUse, RunRecord } from '../../src/model/run-record.ts'
import { storedRun } from '../helpers/saved-runs.ts'
import { buildRecord, PLAIN_SETTINGS } from '../helpers/settings.ts'

const REQUEST = { promptsHash: '0123456789abcdef', bodyFields: [] }
const BASE = buildRecord([], { request: REQUEST })

const DATASET: DatasetUse = {
  file: 'prompts.json',
  suite: null,
  label: 'all',
  categoryContains: [],
  subcategoryContains: [],
  limit: 0,
  shuffleSeed: 0,
  selected: 12,
}

function differences(before: Partial<RunRecord>, after: Partial<RunRecord>) {
  const [one, other] = [before, after].map((given) => ({ ...BASE, ...given }))
  if (one === undefined || other === undefined) throw new Error('two runs')
  const found = traitDifferences(savedRunOf(one).facts, savedRunOf(other).facts)
  // A result file tells the same as the run file that it is of.
  expect(traitDifferences(storedRun(one).facts, storedRun(other).facts)).toEqual(found)
  return found.map(({ trait, before: first, after: second }) => `${trait}: ${first} | ${second}`)
}

describe('traitDifferences', () => {
  test('of a run and itself there are none', () => {
    expect(differences({}, {})).toEqual([])
    expect(differences({ dataset: DATASET }, { dataset: DATASET })).toEqual([])
  })

  test.each<[Partial<RunRecord['spec']>, string]>([
    [{ model: 'n' }, 'model: "m" | "n"'],
    [{ system: 'other' }, 'system: "s" | "other"'],
    [{ temperature: 0.5 }, 'temperature: 0 | 0.5'],
    [{ maxTokens: 32 }, 'max-tokens: 16 | 32'],
  ])('%j', (spec, told) => {
    expect(differences({}, { spec: { ...BASE.spec, ...spec } })).toEqual([told])
  })

  test('the corpus is told by the hash of its prompts, whatever the file is called', () => {
    const renamed = { dataset: { ...DATASET, file: 'renamed.json' } }
    expect(differences({ dataset: DATASET }, renamed)).toEqual([])
    const other = { dataset: DATASET, request: { ...REQUEST, promptsHash: 'ffff456789abcdef' } }
    expect(differences({ dataset: DATASET }, other)).toEqual([
      'corpus: 12 prompts of prompts.json (01234567) | 12 prompts of prompts.json (ffff4567)',
    ])
  })

  test('where a file has no hash, by how the prompts were selected', () => {
    const old = { request: undefined, dataset: DATASET }
    expect(differences(old, { dataset: DATASET })).toEqual([])
    expect(differences(old, { dataset: { ...DATASET, shuffleSeed: 1 } })).toHaveLength(1)
    expect(differences({ request: undefined }, { request: undefined, dataset: DATASET })).toEqual([
      'corpus: --prompt "p" | 12 prompts of prompts.json',
    ])
  })

  test('the shape of the requests: connections, further fields and their values', () => {
    const streamed = { request: { ...REQUEST, bodyFields: ['stream'], bodyHash: 'aaaaaaaa11' } }
    expect(differences({}, streamed)).toEqual([
      'shape: connections kept, no further fields | connections kept, fields stream (aaaaaaaa)',
    ])
    const valued = { request: { ...REQUEST, bodyFields: ['stream'], bodyHash: 'bbbbbbbb11' } }
    expect(differences(streamed, valued)).toHaveLength(1)
    expect(differences({}, { settings: { ...PLAIN_SETTINGS, keepAlive: false } })).toEqual([
      'shape: connections kept, no further fields | connections one a request, no further fields',
    ])
  })

  test('what an older file does not tell is no difference', () => {
    expect(differences({ request: undefined }, {})).toEqual([])
  })

  test('a long text is cut, and still a difference behind the cut', () => {
    const long = 'x'.repeat(100)
    const [told] = differences(
      { spec: { ...BASE.spec, system: `${long}a` } },
      { spec: { ...BASE.spec, system: `${long}b` } },
    )
    expect(told).toMatch(/^system: "x{58}… \| "x{58}…$/)
  })
})
