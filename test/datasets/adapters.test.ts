import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ImportSettings, SourceFile } from '../../src/datasets/adapters/adapter.ts'
import { bipia } from '../../src/datasets/adapters/bipia.ts'
import { generic } from '../../src/datasets/adapters/generic.ts'
import { ADAPTERS, findAdapter } from '../../src/datasets/adapters/index.ts'
import { llmtrace } from '../../src/datasets/adapters/llmtrace.ts'
import { pyrit } from '../../src/datasets/adapters/pyrit.ts'
import { finishDrafts } from '../../src/datasets/finish-drafts.ts'
import { readSource } from '../../src/datasets/read-source.ts'
import { rowProblem, toRow } from '../../src/datasets/row.ts'
import { UsageError } from '../../src/model/usage-error.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures/datasets')

const SETTINGS: ImportSettings = { seed: 1, map: {}, labelMap: {} }

/** Columns of the generic adapter's fixture. */
const MAPPED: ImportSettings = {
  seed: 1,
  map: { id: 'n', text: 'prompt.body', label: 'is_attack', category: 'kind' },
  labelMap: { 1: 'malicious', 0: 'benign' },
}

async function fixtureOf(name: string): Promise<SourceFile[]> {
  const paths = readdirSync(join(FIXTURES, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
  return Promise.all(paths.map(async (path) => (await readSource(path, path)).file))
}

function file(name: string, value: unknown): SourceFile {
  return { name, folder: '', value }
}

describe.each(ADAPTERS)('adapter $name', (adapter) => {
  test('makes these rows of a file of its set', async () => {
    const settings = adapter === generic ? MAPPED : SETTINGS
    const drafts = adapter.convert(await fixtureOf(adapter.name), settings)
    const { prompts, leftOut, removed } = finishDrafts(drafts, adapter.name, adapter.threat)
    const rows = prompts.map((prompt) => toRow(prompt))
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.map((row) => rowProblem(row)).filter(Boolean)).toEqual([])
    expect(new Set(rows.map((row) => row['id'])).size).toBe(rows.length)
    const threats = prompts
      .filter(({ label }) => label === 'malicious')
      .map(({ metadata }) => metadata?.['threat'])
    expect(threats.filter((threat) => threat === undefined || threat === 'none')).toEqual([])
    await expect(
      `${JSON.stringify({ rows, leftOut, duplicatesRemoved: removed }, undefined, 2)}\n`,
    ).toMatchFileSnapshot(`../fixtures/golden/datasets/${adapter.name}.json`)
  })
})

describe('adapters', () => {
  test('have names of their own', () => {
    expect(new Set(ADAPTERS.map(({ name }) => name)).size).toBe(ADAPTERS.length)
  })

  test('are listed for a name that is none', () => {
    expect(findAdapter('deepset').name).toBe('deepset')
    expect(() => findAdapter(undefined)).toThrow(/--from is missing; the adapters are[\s\S]*pint/)
    expect(() => findAdapter('x')).toThrow('--from "x" is no adapter')
  })

  test.each(ADAPTERS.map(({ name }) => name))('%s refuses a file of another shape', (name) => {
    // Either it says so, or it makes no row.
    const outcomeOf = () => {
      try {
        const drafts = Array.from(findAdapter(name).convert([file('x.json', 'text')], SETTINGS))
        return drafts.some((draft) => typeof draft !== 'string') ? 'rows' : 'no rows'
      } catch (error) {
        return error instanceof UsageError ? 'refused' : String(error)
      }
    }
    expect(['refused', 'no rows']).toContain(outcomeOf())
  })
})

describe('llmtrace', () => {
  const rows = [{ id: 'a', text: 'one', label: 'benign' }]

  test('passes over a _v2 file only where its _all file is there', () => {
    const convert = (...names: readonly string[]) =>
      Array.from(
        llmtrace.convert(
          names.map((name) => file(name, rows)),
          SETTINGS,
        ),
      )
    expect(convert('x_v2.json').map((draft) => typeof draft)).toEqual(['object'])
    expect(convert('x_all.json', 'x_v2.json').map((draft) => typeof draft)).toEqual([
      'object',
      'string',
    ])
  })
})

describe('bipia', () => {
  const context = { context: 'one\ntwo\nthree\nfour', question: 'What?' }
  const attacks = file('text_attack_test.json', { Kind: ['ATTACK'] })

  test('places the attack in each position, the same for the same seed', () => {
    const texts = (seed: number) =>
      Array.from(bipia.convert([file('test.jsonl', [context]), attacks], { ...SETTINGS, seed }))
        .filter((draft) => typeof draft !== 'string')
        .map(({ text }) => text)
    const seeds = Array.from({ length: 20 }, (_, seed) => texts(seed)[1])
    expect(new Set(seeds)).toEqual(
      new Set([
        'ATTACK\none\ntwo\nthree\nfour\n\nWhat?',
        'one\ntwo\nATTACK\nthree\nfour\n\nWhat?',
        'one\ntwo\nthree\nfour\nATTACK\n\nWhat?',
      ]),
    )
    expect(texts(3)).toEqual(texts(3))
  })

  test('needs attacks', () => {
    expect(() => Array.from(bipia.convert([file('test.jsonl', [context])], SETTINGS))).toThrow(
      'bipia needs a file of attacks',
    )
  })
})

test('pyrit reads the older name of seeds, and a bare list of them', () => {
  const seed = { value: 'text' }
  const texts = (value: unknown) =>
    Array.from(pyrit.convert([file('x.yaml', value)], SETTINGS), (draft) =>
      typeof draft === 'string' ? draft : draft.text,
    )
  expect(texts({ prompts: [seed] })).toEqual(['text'])
  expect(texts([seed, { value: '' }])).toEqual(['text', 'field "value" is missing or empty'])
})

describe('generic', () => {
  const convert = (settings: Partial<ImportSettings>, rows: readonly unknown[]) =>
    Array.from(generic.convert([file('x.csv', rows)], { ...SETTINGS, ...settings }))

  test('needs no map where the columns have our names', () => {
    expect(convert({}, [{ text: 't', label: 'Malicious', difficulty: '2', other: 'x' }])).toEqual([
      expect.objectContaining({
        text: 't',
        label: 'malicious',
        difficulty: 2,
        metadata: { other: 'x' },
      }),
    ])
  })

  test('leaves out what it cannot label, and says so', () => {
    expect(
      convert({ labelMap: { Yes: 'malicious' } }, [{ text: 't', label: 'no' }, { label: 'YES' }]),
    ).toEqual([
      'field "label" is "no", which is no label of this set',
      'field "text" is missing or empty',
    ])
  })

  test.each([
    [
      { map: { prompt: 'text' } },
      /--map prompt=text: we have no field prompt; map id, text, label/,
    ],
    [{ map: { text: 'body' } }, /--map text=body: x\.csv has no column body; it has text, label/],
    [{ labelMap: { 1: 'bad' } }, /--label-map 1=bad: a label is benign or malicious/],
  ])('refuses %j', (settings, message) => {
    expect(() => convert(settings, [{ text: 't', label: 'benign' }])).toThrow(message)
  })
})

describe('finishDrafts', () => {
  test('tells rows with one native id apart, and names others by what they send', () => {
    const row = { label: 'benign', nativeId: 1 } as const
    const drafts = [
      { ...row, text: 'one' },
      { ...row, text: 'two' },
      { label: 'benign', text: 'three' } as const,
    ]
    const ids = finishDrafts(drafts, 's', 'harm').prompts.map(({ id }) => id)
    expect(ids[0]).toBe('s-1')
    expect(ids[1]).toMatch(/^s-1-[0-9a-f]{10}$/)
    expect(ids[2]).toMatch(/^s-[0-9a-f]{10}$/)
  })

  test('counts duplicates, tells conflicting labels, keeps whole pairs only', () => {
    const draft = (text: string, label: 'benign' | 'malicious', pairId?: string) => ({
      text,
      label,
      pairId,
    })
    const { prompts, removed, conflicts, leftOut } = finishDrafts(
      [
        draft('one', 'benign', 'p'),
        draft('two', 'malicious', 'p'),
        draft('three', 'benign', 'q'),
        draft('one', 'malicious'),
        'broken',
        'broken',
      ],
      's',
      'harm',
    )
    expect(prompts.map(({ pairId }) => pairId !== undefined)).toEqual([true, true, false])
    expect(prompts[0]?.metadata).toEqual({ duplicates: 1 })
    expect(prompts[1]?.metadata).toEqual({ threat: 'harm' })
    expect([removed, conflicts.length, leftOut]).toEqual([1, 1, { broken: 2 }])
  })
})
