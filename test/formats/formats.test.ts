import { describe, expect, test } from 'vitest'
import { FORMAT_NAMES, type FormatName, RUN_FORMATS } from '../../src/formats/index.ts'
import type { FormatOptions, RunFormat } from '../../src/formats/run-format.ts'
import { type SavedRun, savedRunOf } from '../../src/formats/saved-run.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import { buildMeasurement } from '../helpers/measurement-builder.ts'
import { comparisonRecord, storedRun } from '../helpers/saved-runs.ts'
import { buildRecord } from '../helpers/settings.ts'

/** What every format keeps to, whatever it is for. */

const SUMMARY: FormatOptions = { samples: false }

const dead = () =>
  buildRecord([
    buildMeasurement([{ outcome: 'refused' }, { outcome: 'timed-out' }], { endpoint: 'proxy' }),
  ])

const hostile = () => {
  const record = comparisonRecord()
  const model = 'a|b"c\'<script>&\n# d, e\\`f`\u0000\u001B[31m'
  return { ...record, spec: { ...record.spec, model } }
}

const RUNS: readonly (readonly [string, () => SavedRun])[] = [
  ['a comparison', () => savedRunOf(comparisonRecord())],
  ['a comparison, stored', () => storedRun(comparisonRecord())],
  ['a run in which nothing was ok', () => savedRunOf(dead())],
  ['a run in which nothing was ok, stored', () => storedRun(dead())],
  ['a run of nothing', () => savedRunOf(buildRecord([], { partial: true }))],
  ['a run of nothing, stored', () => storedRun(buildRecord([], { partial: true }))],
  ['a hostile model name', () => savedRunOf(hostile())],
  ['a hostile model name, stored', () => storedRun(hostile())],
]

async function renderAs(name: FormatName, run: SavedRun, options = SUMMARY) {
  const format: RunFormat = RUN_FORMATS[name]
  const { render } = await format.load()
  return render(run, options)
}

/** What it renders to; undefined where it refuses what a result file does not hold, naming the way out. */
async function renderOrRefuse(name: FormatName, run: SavedRun) {
  try {
    return await renderAs(name, run)
  } catch (error) {
    if (error instanceof UsageError && error.message.includes('--run-file')) return undefined
    throw error
  }
}

describe.each(FORMAT_NAMES)('%s', (name) => {
  const { binary = false }: RunFormat = RUN_FORMATS[name]

  test.each(RUNS)('%s', async (_, create) => {
    const rendered = await renderOrRefuse(name, create())
    const text = typeof rendered === 'string' ? rendered : ''
    expect(rendered === undefined || (typeof rendered !== 'string') === binary).toBe(true)
    expect(rendered === undefined || rendered.length > 0).toBe(true)
    // A number that there is not is no number of another kind.
    expect(text).not.toMatch(/\bNaN\b|\bundefined\b|\bInfinity\b|\[object /)
    // Whoever prints it to a terminal is not to be commanded by the name of a model.
    expect(text).not.toContain('\u001B')
    expect(text === '' || text.endsWith('\n')).toBe(true)
  })

  test('renders the same run to the same bytes, and leaves it as it is', async () => {
    const run = savedRunOf(comparisonRecord())
    const first = await renderAs(name, run)
    expect(await renderAs(name, run)).toEqual(first)
    expect(run).toEqual(savedRunOf(comparisonRecord()))
  })

  test('takes a run with its samples', async () => {
    expect(await renderOrRefuse(name, savedRunOf(comparisonRecord()))).toBeDefined()
  })
})

test('every format says what it is', () => {
  for (const name of FORMAT_NAMES) expect(RUN_FORMATS[name].help).toMatch(/^[a-z]/)
})
