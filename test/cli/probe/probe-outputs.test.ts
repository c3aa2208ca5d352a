import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkProbeOutputs } from '../../../src/cli/probe/probe-outputs.ts'
import { parseCommandLine } from '../../../src/options/parse.ts'
import { scratchFolder } from '../../helpers/scratch-folder.ts'

const folder = scratchFolder()

test.each(['jsonl', 'csv', 'junit', 'sarif'])(
  'a place that --output-%s cannot write to is told before the run',
  async (name) => {
    const flags = ['--mode', 'probe', '--url', 'http://a', '--model', 'm']
    const path = join(folder.path, 'none', name)
    const parsed = parseCommandLine([...flags, `--output-${name}`, path], {})
    const options = parsed.command === 'run' ? parsed.options : undefined
    await expect(options && checkProbeOutputs(options)).rejects.toThrow(
      `--output-${name} ${path}: the folder`,
    )
  },
)
