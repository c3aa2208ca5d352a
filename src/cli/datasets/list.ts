import { loadPrompts } from '../../datasets/load-prompts.ts'
import { EVERYTHING } from '../../datasets/select.ts'
import { findSuite, findSuites, type FoundSuite } from '../../datasets/suites.ts'
import { EXIT_CODES } from '../../model/exit-code.ts'
import type { Prompt } from '../../model/prompt.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import type { DatasetsCall } from './call.ts'

interface Line {
  readonly suite: string
  readonly file: string
  readonly rows: number
  readonly benign: number
  readonly malicious: number
  readonly invalid: number
}

/** `datasets list`: bad rows are counted, not refused. */
export async function list({ options, io }: DatasetsCall): Promise<number> {
  const { datasetSuite } = options
  const suites: readonly FoundSuite[] =
    datasetSuite === undefined || datasetSuite === 'all'
      ? await findSuites(io.workingDirectory)
      : [{ suite: datasetSuite, files: await findSuite(datasetSuite, io.workingDirectory) }]
  const lines: Line[] = []
  for (const { suite, files } of suites) {
    for (const file of files) {
      const { prompts, invalid } = await loadFile(file.path, file.name)
      const benign = prompts.filter(({ label }) => label === 'benign').length
      const malicious = prompts.length - benign
      lines.push({ suite, file: file.name, rows: prompts.length, benign, malicious, invalid })
    }
  }
  io.stdout(options.format === 'json' ? `${JSON.stringify(lines, undefined, 1)}\n` : render(lines))
  return EXIT_CODES.ok.code
}

/** A file that holds nothing good is listed with 0 rows: what it holds is for `validate` to say. */
async function loadFile(
  path: string,
  name: string,
): Promise<{ readonly prompts: readonly Prompt[]; readonly invalid: number }> {
  return loadPrompts({
    name,
    files: [{ path, name }],
    selection: EVERYTHING,
    skipInvalid: true,
    dropDuplicates: false,
  }).catch(() => ({ prompts: [], invalid: 1 }))
}

function render(lines: readonly Line[]): string {
  const sum = (count: (line: Line) => number) =>
    lines.reduce((partial, line) => partial + count(line), 0)
  const cells = lines.map(({ file, suite, rows, benign, malicious, invalid }) => [
    file,
    suite,
    ...[rows, benign, malicious, invalid].map(String),
  ])
  const totals = [
    'total',
    '',
    ...[
      sum(({ rows }) => rows),
      sum(({ benign }) => benign),
      sum(({ malicious }) => malicious),
      sum(({ invalid }) => invalid),
    ].map(String),
  ]
  const header = ['file', 'suite', 'rows', 'benign', 'malicious', 'invalid']
  return `${markdownTable(header, [...cells, totals])}\n`
}
