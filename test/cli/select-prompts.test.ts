import { expect, test } from 'vitest'
import { choosePrompts } from '../../src/cli/select-prompts.ts'
import { parseCommandLine } from '../../src/options/parse.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

const scratch = scratchFolder()
const ROW = { id: 'a', text: 'one', label: 'benign' }

function choose(...flags: readonly string[]) {
  const parsed = parseCommandLine(['--url', 'http://h/', '--model', 'm', ...flags], {})
  if (parsed.command !== 'run') throw new Error(`parsed as ${parsed.command}`)
  return choosePrompts(parsed.options, scratch.path)
}

test('without a dataset the one prompt is sent', async () => {
  expect(await choose('--prompt', 'hi')).toMatchObject({
    prompts: [{ id: 'prompt', text: 'hi' }],
    description: undefined,
    dataset: undefined,
  })
})

test('preamble and result file say what was left out', async () => {
  scratch.write('prompts.json', [ROW, 5, { ...ROW, id: 'b' }])
  const flags = ['--dataset-file', 'prompts.json', '--dataset-limit', '1']
  await expect(choose(...flags)).rejects.toThrow(
    '--dataset-file prompts.json: 1 of 3 rows cannot be used',
  )
  expect(await choose(...flags, '--dataset-skip-invalid')).toMatchObject({
    description: '1 of 2 from prompts.json; left out: 1 invalid row',
    dataset: { file: 'prompts.json', suite: null, limit: 1, selected: 1, skippedInvalid: 1 },
  })
})

test('the suite all tells its duplicates', async () => {
  scratch.write('benchmarks/datasets/core.json', [ROW])
  scratch.write('benchmarks/datasets/external/x.json', [
    { ...ROW, id: 'copy' },
    { ...ROW, id: 'c', text: 'two' },
  ])
  expect(await choose('--dataset-suite', 'all')).toMatchObject({
    description: '2 of 2 from suite all; left out: 1 duplicate',
    dataset: { suite: 'all', selected: 2, skippedInvalid: 0, duplicatesRemoved: 1 },
  })
})
