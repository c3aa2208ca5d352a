import { expect, test } from 'vitest'
import { findRowPlaces } from '../../../src/cli/probe/row-places.ts'
import { parseCommandLine } from '../../../src/options/parse.ts'
import { scratchFolder } from '../../helpers/scratch-folder.ts'

const folder = scratchFolder()

function optionsOf(flags: readonly string[]) {
  const parsed = parseCommandLine(['--url', 'http://a', '--model', 'm', ...flags], {})
  if (parsed.command !== 'run') throw new Error('not a run')
  return parsed.options
}

test('a row of a JSON array is found at the line of its id', async () => {
  const text = [
    '[',
    ' {"id": "a", "text": "x \\"id\\": \\"b\\""},',
    ' {',
    '  "text": "y",',
    '  "id": "b\\u0021"',
    ' },',
    ' {"id":',
    '  7, "text": "z"}, {"id": "c"}',
    ']',
  ].join('\n')
  folder.write('data/cases.json', text)
  const placeOf = await findRowPlaces(optionsOf(['--dataset-file', 'data/cases.json']), folder.path)
  const file = 'data/cases.json'
  expect(['a', 'b!', '7', 'c'].map((id) => placeOf(id))).toEqual([
    { file, line: 2 },
    { file, line: 5 },
    { file, line: 8 },
    { file, line: 8 },
  ])
  expect(placeOf('unknown')).toEqual({ file, line: undefined })
})

test('rows of a suite are found in its files', async () => {
  const placeOf = await findRowPlaces(optionsOf(['--dataset-suite', 'mini']), process.cwd())
  expect(placeOf('no such row')).toMatchObject({ file: 'benchmarks/suites/mini.json' })
})

test('without a dataset there is no place', async () => {
  const placeOf = await findRowPlaces(optionsOf([]), folder.path)
  expect(placeOf('baseline-ok')).toBeUndefined()
})
