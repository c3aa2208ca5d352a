// Writes the generated documents; with --check compares them instead and fails where one is stale.
import { readFile, writeFile } from 'node:fs/promises'
import { renderAdapterDocs } from '../src/datasets/adapters/adapter-docs.ts'
import { configJsonSchema } from '../src/options/config-schema.ts'
import { renderCliDocs } from '../src/options/docs.ts'
import { replayJsonSchema } from '../src/results/replay-schema.ts'
import { resultJsonSchema } from '../src/results/result-schema.ts'

const DOCUMENTS = [
  { path: 'docs/cli.md', render: renderCliDocs },
  { path: 'docs/dataset-adapters.md', render: renderAdapterDocs },
  {
    path: 'docs/config.schema.json',
    render: () => `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`,
  },
  {
    path: 'docs/result.schema.json',
    render: () => `${JSON.stringify(resultJsonSchema(), undefined, 2)}\n`,
  },
  {
    path: 'docs/replay.schema.json',
    render: () => `${JSON.stringify(replayJsonSchema(), undefined, 2)}\n`,
  },
]

const check = process.argv.includes('--check')
for (const { path, render } of DOCUMENTS) {
  const wanted = render()
  if (!check) await writeFile(path, wanted)
  else if ((await readFile(path, 'utf8').catch(() => '')) !== wanted) {
    console.error(`${path} is stale: run npm run docs`)
    process.exitCode = 1
  }
}
