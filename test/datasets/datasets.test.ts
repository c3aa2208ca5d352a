import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { loadDatasetFile } from '../../src/datasets/load-file.ts'
import { loadSuite } from '../../src/datasets/load-suite.ts'
import { parseDataset } from '../../src/datasets/parse-rows.ts'
import { type Selection, selectPrompts } from '../../src/datasets/select.ts'
import type { Prompt } from '../../src/model/prompt.ts'

const ROWS = [
  { id: 'a', text: 'one', label: 'benign', category: 'Chat', extra: 1 },
  {
    id: 'b',
    text: 'two',
    label: 'malicious',
    category: 'injection',
    subcategory: 'role_injection',
  },
]
const ALL: Selection = {
  label: 'all',
  categoryContains: [],
  subcategoryContains: [],
  limit: 0,
  shuffleSeed: 0,
}

describe('parseDataset', () => {
  test('reads a JSON array, JSONL and a byte order mark alike', () => {
    const fromArray = parseDataset('f', JSON.stringify(ROWS))
    expect(fromArray.map(({ id, label }) => [id, label])).toEqual([
      ['a', 'benign'],
      ['b', 'malicious'],
    ])
    expect(parseDataset('f', ROWS.map((row) => JSON.stringify(row)).join('\r\n'))).toEqual(
      fromArray,
    )
    expect(parseDataset('f', `\uFEFF${JSON.stringify(ROWS)}`)).toEqual(fromArray)
  })

  test('names file, row, id and what is wrong, for each bad row', () => {
    const rows = [
      ROWS[0],
      { id: 'x', text: '', label: 'benign' },
      { id: 'y', text: 't', label: 'evil' },
      5,
      { ...ROWS[0] },
      { text: 't', label: 'benign' },
    ]
    let message = ''
    try {
      parseDataset('prompts.json', JSON.stringify(rows))
    } catch (error) {
      message = String(error)
    }
    expect(message).toContain('--dataset-file prompts.json: 5 of 6 rows')
    expect(message).toContain('row 2 (id x): text is missing')
    expect(message).toContain('row 3 (id y): label is "evil"')
    expect(message).toContain('row 4: not an object')
    expect(message).toContain('row 5 (id a): the same id as row 1')
    expect(message).toContain('row 6: id is missing')
  })

  test('a line that is not JSON is named', () => {
    expect(() => parseDataset('f', `${JSON.stringify(ROWS[0])}\n{broken`)).toThrow('row 2')
  })

  test.each(['', '[]', '[', '"x"'])('refuses %j', (content) => {
    expect(() => parseDataset('f.json', content)).toThrow('f.json')
  })
})

describe('selectPrompts', () => {
  const prompts = parseDataset('f', JSON.stringify(ROWS))

  test('filters by label, category and subcategory, whatever the case', () => {
    const ids = (selection: Partial<Selection>) =>
      selectPrompts(prompts, { ...ALL, ...selection }).map(({ id }) => id)
    expect(ids({ label: 'malicious' })).toEqual(['b'])
    expect(ids({ categoryContains: ['CHAT', 'zzz'] })).toEqual(['a'])
    expect(ids({ subcategoryContains: ['role'] })).toEqual(['b'])
    expect(ids({ limit: 1 })).toEqual(['a'])
  })

  test('when nothing is left it names the filters and what there was', () => {
    expect(() =>
      selectPrompts(prompts, { ...ALL, label: 'benign', categoryContains: ['injection'] }),
    ).toThrow(
      /--dataset-label benign --category-contains injection selects none of 2 prompts \(1 benign, 1 malicious\); categories: Chat, injection/,
    )
  })

  test('selects in order, shuffles into a permutation, respects the limit', () => {
    const many: Prompt[] = Array.from({ length: 40 }, (_, index) => ({
      id: String(index),
      text: 't',
      label: index % 3 === 0 ? 'benign' : 'malicious',
    }))
    fc.assert(
      fc.property(
        fc.constantFrom('all', 'benign', 'malicious'),
        fc.nat(50),
        fc.nat(5),
        (label, limit, shuffleSeed) => {
          const unlimited = selectPrompts(many, { ...ALL, label, shuffleSeed })
          const wanted = many.filter((prompt) => label === 'all' || prompt.label === label)
          const inOrder = (ones: readonly Prompt[]) =>
            shuffleSeed === 0
              ? ones
              : ones.toSorted((first, second) => Number(first.id) - Number(second.id))
          expect(inOrder(unlimited)).toEqual(wanted)
          const limited = selectPrompts(many, { ...ALL, label, shuffleSeed, limit })
          expect(limited).toEqual(limit > 0 ? unlimited.slice(0, limit) : unlimited)
        },
      ),
    )
  })
})

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const external = join(folder, 'benchmarks/datasets/external')
  mkdirSync(external, { recursive: true })
  writeFileSync(join(folder, 'benchmarks/datasets/core.json'), JSON.stringify(ROWS))
  writeFileSync(
    join(external, 'more.json'),
    JSON.stringify([
      { ...ROWS[0], id: 'copy' },
      { ...ROWS[0], id: 'c', text: 'three' },
    ]),
  )

  test('a suite is found, and texts that occur twice are kept once', async () => {
    const ids = async (suite: 'core' | 'external' | 'all') =>
      (await loadSuite(suite, folder)).map(({ id }) => id)
    expect(await ids('core')).toEqual(['a', 'b'])
    expect(await ids('external')).toEqual(['copy', 'c'])
    expect(await ids('all')).toEqual(['a', 'b', 'c'])
  })

  test('a missing suite and a missing file are wrong usage', async () => {
    await expect(loadSuite('core', tmpdir())).rejects.toThrow(
      /--dataset-suite core.*--dataset-file/,
    )
    await expect(loadDatasetFile(join(folder, 'none.json'))).rejects.toThrow(
      /none\.json cannot be read \(ENOENT\)/,
    )
  })
})
