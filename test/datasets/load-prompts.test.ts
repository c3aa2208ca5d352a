import fc from 'fast-check'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ChosenRows } from '../../src/datasets/chosen-rows.ts'
import { loadPrompts, type LoadRequest } from '../../src/datasets/load-prompts.ts'
import { EVERYTHING, type Selection, selectPrompts } from '../../src/datasets/select.ts'
import { findSuite } from '../../src/datasets/suites.ts'
import type { Prompt } from '../../src/model/prompt.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

const scratch = scratchFolder()

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

let written = 0

function load(contents: readonly unknown[], options: Partial<LoadRequest> = {}) {
  const files = contents.map((content, index) => {
    written += 1
    return { path: scratch.write(`${written}.json`, content), name: `file${index + 1}.json` }
  })
  return loadPrompts({
    name: '--dataset-file prompts.json',
    files,
    selection: EVERYTHING,
    skipInvalid: false,
    dropDuplicates: false,
    ...options,
  })
}

async function messageOf(loading: Promise<unknown>): Promise<string> {
  const error = await loading.catch((thrown: unknown) => thrown)
  return error instanceof Error ? error.message : ''
}

function jsonl(rows: readonly unknown[]): string {
  return rows.map((row) => JSON.stringify(row)).join('\n')
}

function manyRows(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index),
    text: `text ${index} ß中`.repeat(1 + (index % 5)),
    label: index % 3 === 0 ? 'benign' : 'malicious',
    category: `category ${index % 4}`,
  }))
}

describe('bad rows', () => {
  const bad = [
    ROWS[0],
    { id: 'x', text: '', label: 'benign' },
    { id: 'y', text: 't', label: 'evil' },
    5,
    { ...ROWS[0] },
    { text: 't', label: 'benign' },
  ]

  test('are named by row, id and what is wrong', async () => {
    const message = await messageOf(load([bad]))
    expect(message).toMatchInlineSnapshot(`
      "--dataset-file prompts.json: 5 of 6 rows cannot be used; each needs id, text and a label benign or malicious (--dataset-skip-invalid leaves them out)
        row 2 (id x): text is missing or empty
        row 3 (id y): label is "evil"
        row 4: not an object
        row 5 (id a): the same id as row 1
        row 6: id is missing"
    `)
  })

  test('are named by their file where there are several, and an id is unique among them', async () => {
    const message = await messageOf(load([ROWS, [{ ...ROWS[1], text: 'three' }], '{broken']))
    expect(message).toContain('2 of 4 rows cannot be used')
    expect(message).toContain('  file2.json row 1 (id b): the same id as row 2 of file1.json')
    expect(message).toContain('  file3.json row 1: not valid JSON')
  })

  test('are shown ten at most', async () => {
    const message = await messageOf(load([Array.from({ length: 25 }, () => 0)]))
    expect(message).toContain('25 of 25 rows')
    expect(message.split('\n')).toHaveLength(12)
    expect(message).toContain('and 15 more')
  })

  test('are left out and counted when that is wanted', async () => {
    const loaded = await load([bad], { skipInvalid: true })
    expect(loaded).toMatchObject({ total: 1, invalid: 5, prompts: [{ id: 'a' }] })
    await expect(load([[0, 1]], { skipInvalid: true })).rejects.toThrow(
      '--dataset-file prompts.json holds no usable rows: all 2 are invalid',
    )
  })

  test.each(['', '[]', '\n\n'])('a file without rows is refused: %j', async (content) => {
    await expect(load([content])).rejects.toThrow('--dataset-file prompts.json holds no rows')
  })
})

describe('selecting', () => {
  test('filters by label, category and subcategory, whatever the case', async () => {
    const ids = async (selection: Partial<Selection>) => {
      const { prompts } = await load([ROWS], { selection: { ...EVERYTHING, ...selection } })
      return prompts.map(({ id }) => id)
    }
    expect(await ids({ label: 'malicious' })).toEqual(['b'])
    expect(await ids({ categoryContains: ['CHAT', 'zzz'] })).toEqual(['a'])
    expect(await ids({ subcategoryContains: ['role'] })).toEqual(['b'])
    expect(await ids({ limit: 1 })).toEqual(['a'])
  })

  test('when nothing is left it names the filters and what there was', async () => {
    const selection: Selection = {
      ...EVERYTHING,
      label: 'benign',
      categoryContains: ['injection'],
    }
    await expect(load([ROWS], { selection })).rejects.toThrow(
      '--dataset-label benign --category-contains injection selects none of 2 prompts (1 benign, 1 malicious); categories: Chat, injection; subcategories: (none), role_injection',
    )
  })

  test('rows that send the same as an earlier one are left out where that is wanted', async () => {
    const copies = [
      [...ROWS],
      [
        { ...ROWS[0], id: 'copy' },
        { ...ROWS[0], id: 'c', text: 'three' },
      ],
    ]
    expect((await load(copies)).prompts.map(({ id }) => id)).toEqual(['a', 'b', 'copy', 'c'])
    const dropped = await load(copies, { dropDuplicates: true })
    expect(dropped).toMatchObject({ total: 3, duplicates: 1, invalid: 0 })
    expect(dropped.prompts.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })

  test('gives from JSONL and from an array what filtering, shuffling and cutting in memory gives', async () => {
    const rows = manyRows(60)
    const half = [jsonl(rows.slice(0, 25)), jsonl(rows.slice(25))]
    const { prompts: all } = await load([rows])
    const selections = fc.record({
      label: fc.constantFrom('all' as const, 'benign' as const, 'malicious' as const),
      categoryContains: fc.constantFrom([], ['1'], ['0', '3']),
      subcategoryContains: fc.constant([]),
      limit: fc.nat(70),
      shuffleSeed: fc.nat(5),
    })
    await fc.assert(
      fc.asyncProperty(selections, async (selection) => {
        const wanted = selectPrompts(all, selection)
        expect((await load(half, { selection })).prompts).toEqual(wanted)
        expect((await load([rows], { selection })).prompts).toEqual(wanted)
        expect((await load([half[0], rows.slice(25)], { selection })).prompts).toEqual(wanted)
      }),
      { numRuns: 40 },
    )
  })

  test('a seed gives this order on every platform and version', () => {
    const prompts: Prompt[] = Array.from({ length: 12 }, (_, id) => ({ id: String(id), text: 't' }))
    const order = selectPrompts(prompts, { ...EVERYTHING, shuffleSeed: 7 }).map(({ id }) => id)
    expect(order.join(' ')).toMatchInlineSnapshot(`"11 3 5 2 10 4 1 6 7 9 8 0"`)
    expect(selectPrompts(prompts, { ...EVERYTHING, shuffleSeed: 7, limit: 5 })).toHaveLength(5)
  })

  test('a file that changes between the two readings is told', async () => {
    const path = scratch.write('changing.jsonl', jsonl(manyRows(3)))
    const chosen = new ChosenRows({ ...EVERYTHING, shuffleSeed: 1, limit: 1 })
    chosen.beginFile(path)
    chosen.add({ id: 'a', text: 't', label: 'benign' }, { offset: 3, length: 20 })
    await expect(chosen.take()).rejects.toThrow('was changed while it was read')
  })
})

describe('suites', () => {
  const folder = join(scratch.path, 'checkout')
  const installed = join(scratch.path, 'package')
  const names = async (suite: Parameters<typeof findSuite>[0], where = folder) =>
    (await findSuite(suite, where, installed)).map(({ name }) => name)

  for (const file of ['b.json', 'B.json', 'deep/é.json', 'notes.md', 'rows.jsonl']) {
    scratch.write(`checkout/benchmarks/datasets/${file}`, ROWS)
  }
  scratch.write('package/benchmarks/datasets/core.json', ROWS)
  scratch.write('package/benchmarks/suites/mini.json', ROWS)

  test('core is every JSON file outside external/, by code unit', async () => {
    expect(await names('core')).toEqual(
      ['B.json', 'b.json', 'deep/é.json'].map((file) => join('benchmarks/datasets', file)),
    )
  })

  test('external with nothing imported says how to import; all is core then', async () => {
    await expect(names('external')).rejects.toThrow(
      /nothing is imported .*llmtrace-bench datasets import --from ADAPTER/,
    )
    expect(await names('all')).toEqual(await names('core'))
  })

  test('what is imported is external, but for the notes on where it came from', async () => {
    const imported = join(scratch.path, 'imported')
    for (const file of ['x.json', 'x.provenance.json', 'y.jsonl', 'y.provenance.json']) {
      scratch.write(`imported/benchmarks/datasets/external/${file}`, ROWS)
    }
    const external = ['x.json', 'y.jsonl'].map((file) => join('benchmarks/datasets/external', file))
    expect(await names('external', imported)).toEqual(external)
    // The corpus of the package, with what was imported here.
    expect(await names('all', imported)).toEqual(['benchmarks/datasets/core.json', ...external])
  })

  test('a suite of ours is one file beside the datasets, looked up in the package too', async () => {
    expect(await names('mini')).toEqual([join('benchmarks/suites', 'mini.json')])
    await expect(names('dlp')).rejects.toThrow(
      /--dataset-suite dlp: no dataset under benchmarks.suites .*--dataset-file/,
    )
  })

  test('core comes from the package where the working directory has none', async () => {
    const empty = join(scratch.path, 'empty')
    mkdirSync(empty)
    expect((await findSuite('core', empty, installed))[0]?.path).toContain(installed)
    await expect(findSuite('core', empty, empty)).rejects.toThrow(
      /--dataset-suite core: no dataset under benchmarks.datasets in .*--dataset-file/,
    )
  })
})
