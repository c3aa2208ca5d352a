import type { LoadedPrompts } from '../../datasets/load-prompts.ts'
import { loadPrompts } from '../../datasets/load-prompts.ts'
import { toRow } from '../../datasets/row.ts'
import { EVERYTHING } from '../../datasets/select.ts'
import { findSuites } from '../../datasets/suites.ts'
import { EXIT_CODES } from '../../model/exit-code.ts'
import type { Prompt } from '../../model/prompt.ts'
import { UsageError } from '../../model/usage-error.ts'
import type { DatasetsCall } from './call.ts'
import { loadChosen } from './chosen-files.ts'

/** `datasets show ID [FILE...]`: the row, and its twin where it has one. */
export async function show(call: DatasetsCall): Promise<number> {
  const { operands, options, io } = call
  const [id = '', ...files] = operands
  const everywhere = files.length === 0 && options.datasetSuite === undefined
  const loads = everywhere ? await loadEverything(call) : [await loadChosen(files, call)]
  const prompts = loads.flatMap((loaded) => loaded.prompts)
  const found = prompts.find((prompt) => prompt.id === id)
  if (found === undefined) throw notFound(id, prompts)
  if (options.format === 'json') io.stdout(`${JSON.stringify(toRow(found), undefined, 1)}\n`)
  else io.stdout(render(found, prompts))
  return EXIT_CODES.ok.code
}

async function loadEverything({ io }: DatasetsCall): Promise<LoadedPrompts[]> {
  const loads: LoadedPrompts[] = []
  for (const { suite, files } of await findSuites(io.workingDirectory)) {
    const name = `--dataset-suite ${suite}`
    // A bad row elsewhere is no reason not to show a good one.
    const options = { selection: EVERYTHING, skipInvalid: true, dropDuplicates: false }
    loads.push(await loadPrompts({ name, files, ...options }))
  }
  return loads
}

function notFound(id: string, prompts: readonly Prompt[]): UsageError {
  const near = prompts.filter((prompt) => prompt.id.includes(id)).slice(0, 5)
  const hint =
    near.length === 0
      ? 'datasets list names the files'
      : `did you mean ${near.map((prompt) => prompt.id).join(', ')}?`
  return new UsageError(
    `${JSON.stringify(id)} is the id of none of ${prompts.length} rows; ${hint}`,
  )
}

function render(prompt: Prompt, prompts: readonly Prompt[]): string {
  const { text, messages, ...facts } = toRow(prompt)
  const lines = Object.entries(facts).map(([name, value]) => `${name}: ${plain(value)}`)
  const twin = prompts.find((one) => one.pairId === prompt.pairId && one.id !== prompt.id)
  if (prompt.pairId !== undefined && twin !== undefined) lines.push(`twin: ${twin.id}`)
  const conversation = (prompt.messages ?? []).map(
    ({ role, ...rest }) =>
      `\n--- ${role}\n${plain(Object.keys(rest).length === 1 ? rest.content : rest)}`,
  )
  const sent = messages === undefined ? [`\n${plain(text)}`] : conversation
  return `${[...lines, ...sent].join('\n')}\n`
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
