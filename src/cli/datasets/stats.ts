import { type CorpusStats, corpusStats, type LabelCounts } from '../../datasets/corpus-stats.ts'
import { EXIT_CODES } from '../../model/exit-code.ts'
import { plural } from '../../report/plural.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import type { DatasetsCall } from './call.ts'
import { loadChosen } from './chosen-files.ts'

/** `datasets stats [FILE...]` */
export async function stats(call: DatasetsCall): Promise<number> {
  const { operands, options, io } = call
  const { prompts, invalid, duplicates } = await loadChosen(operands, call)
  const counted = corpusStats(prompts)
  if (options.format === 'json') {
    io.stdout(`${JSON.stringify({ ...counted, invalid, duplicates }, undefined, 1)}\n`)
    return EXIT_CODES.ok.code
  }
  const leftOut = [
    ...(invalid === 0 ? [] : [`${plural(invalid, 'invalid row')} left out`]),
    ...(duplicates === 0 ? [] : [`${plural(duplicates, 'duplicate row')} left out`]),
  ]
  io.stdout([...render(counted), ...leftOut, ''].join('\n'))
  return EXIT_CODES.ok.code
}

function render({ rows, labels, conversations, ...tables }: CorpusStats): string[] {
  return [
    `${rows} rows: ${labels.malicious} malicious, ${labels.benign} benign; ${conversations} of them conversations\n`,
    table('category', tables.categories),
    table('language', tables.languages),
    table('length (UTF-16 units sent)', tables.lengths, rows),
  ]
}

/** With `total`, each row's share of it too. */
function table(name: string, counts: readonly LabelCounts[], total?: number): string {
  const share = (sum: number) =>
    total === undefined ? [] : [`${((sum / Math.max(1, total)) * 100).toFixed(1)}%`]
  const header = [name, 'rows', 'benign', 'malicious', ...(total === undefined ? [] : ['share'])]
  const rows = counts.map(({ name: one, benign, malicious }) => [
    one,
    ...[benign + malicious, benign, malicious].map(String),
    ...share(benign + malicious),
  ])
  return `${markdownTable(header, rows)}\n`
}
