import { UsageError } from '../../model/usage-error.ts'
import { createRandom, integerBelow, type Random } from '../../stats/random.ts'
import { isRecord } from '../row.ts'
import type { Adapter, Draft, SourceFile } from './adapter.ts'
import { recordsOf, type SourceRecord } from './records.ts'

interface Attack {
  /** Of the file for code; the other file is for all other tasks. */
  readonly forCode: boolean
  readonly category: string
  readonly text: string
}

interface Task {
  readonly name: string
  readonly context: string
  readonly question: string
}

const POSITIONS = ['start', 'middle', 'end'] as const

/**
 * Contexts and attacks come in files of their own. Each context becomes a pair: as it is, and with one attack placed
 * in it, both drawn by the seed. Crossing all with all, as the authors do, gives tens of thousands of rows that say
 * little more.
 */
export const bipia: Adapter = {
  name: 'bipia',
  reads:
    '{task}/test.jsonl of email, table, qa, abstract or code, with text_attack_test.json or code_attack_test.json',
  home: 'github.com/microsoft/BIPIA, benchmark/',
  licence: 'MIT; web and summary contexts may not be redistributed',
  threat: 'injection',
  convert: function* convert(files, { seed }) {
    const attacks = files.flatMap((file) => attacksOf(file))
    if (attacks.length === 0) {
      throw new UsageError(
        'bipia needs a file of attacks besides the contexts, such as text_attack_test.json',
      )
    }
    const random = createRandom(`bipia/${seed}`)
    for (const file of files.filter(({ value }) => Array.isArray(value))) {
      for (const record of recordsOf(file)) {
        const task = taskOf(record, file)
        if (typeof task === 'string') yield task
        else yield* pairOf(task, attacks, random)
      }
    }
  },
}

/** `{category: [attack, ...]}`; a file of contexts has none. */
function attacksOf({ name, value }: SourceFile): Attack[] {
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([category, texts]) =>
    Array.isArray(texts)
      ? texts.filter(isFilled).map((text) => ({ forCode: /code/i.test(name), category, text }))
      : [],
  )
}

/** The task shows in the name of the file, or in what its records hold. */
function taskOf(record: SourceRecord, file: SourceFile): Task | string {
  const context = linesOf(record['context'])
  if (context === '') return 'a record without a context'
  if ('code' in record || 'error' in record) {
    const error = linesOf(record['error'])
    const code = linesOf(record['code'])
    const question = `Fix the bug in this code, with the help of the context.\n\nError:\n${error}\n\nCode:\n${code}`
    return { name: 'code', context, question }
  }
  const named = /(email|table|qa|abstract)/i.exec(`${file.folder}/${file.name}`)?.[1]?.toLowerCase()
  const question = linesOf(record['question']) || 'Summarise this text.'
  return { name: named ?? 'text', context, question }
}

function* pairOf(task: Task, attacks: readonly Attack[], random: Random): Iterable<Draft> {
  const fitting = attacks.filter(({ forCode }) => forCode === (task.name === 'code'))
  const choice = fitting.length > 0 ? fitting : attacks
  const attack = choice[integerBelow(random, choice.length)] as Attack
  const position = POSITIONS[integerBelow(random, POSITIONS.length)] ?? 'end'
  const clean = promptOf(task)
  const shared = { category: 'indirect_injection', subcategory: task.name, pairId: clean }
  yield { ...shared, text: clean, label: 'benign' }
  yield {
    ...shared,
    text: promptOf({ ...task, context: place(task.context, attack.text, position) }),
    label: 'malicious',
    metadata: { attackCategory: attack.category, attackPosition: position },
  }
}

function promptOf({ context, question }: Task): string {
  return `${context}\n\n${question}`
}

function place(context: string, attack: string, position: (typeof POSITIONS)[number]): string {
  if (position === 'start') return `${attack}\n${context}`
  if (position === 'end') return `${context}\n${attack}`
  const lines = context.split('\n')
  if (lines.length > 1) return lines.toSpliced(Math.ceil(lines.length / 2), 0, attack).join('\n')
  const words = context.split(' ')
  return words.toSpliced(Math.ceil(words.length / 2), 0, attack).join(' ')
}

function linesOf(value: unknown): string {
  if (Array.isArray(value)) return value.filter(isFilled).join('\n')
  return typeof value === 'string' ? value : ''
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
