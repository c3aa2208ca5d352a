import type { Prompt } from '../../model/prompt.ts'
import { type CheckedRow, rowProblem, toPrompt } from '../row.ts'
import type { Adapter, Draft, SourceFile } from './adapter.ts'
import { recordsOf } from './records.ts'

/** Datasets that are about harmful requests, by the beginning of their file's name. */
const HARM = /^(?:advbench|harmbench|ailuminate|jailbreakbench|xstest)/

/**
 * LLMTrace's own files, in the format that ours extends. Two of their defects are mended: XSTest's contrast prompts
 * are unsafe by its authors' rule but marked benign there, and the `_v2` files are parts of the `_all` ones.
 */
export const llmtrace: Adapter = {
  name: 'llmtrace',
  reads: 'JSON files of benchmarks/datasets/ in an LLMTrace checkout',
  home: 'github.com/epappas/llmtrace',
  licence: 'MIT; the external files have those of their sets',
  threat: 'injection',
  convert: function* convert(files) {
    for (const file of files) {
      if (isPartOfAnother(file, files)) {
        yield `${file.name} is a part of its _all file`
        continue
      }
      for (const record of recordsOf(file)) {
        const problem = rowProblem(record)
        yield problem ?? draftOf(toPrompt(record as CheckedRow), file)
      }
    }
  },
}

function isPartOfAnother({ name }: SourceFile, files: readonly SourceFile[]): boolean {
  const whole = name.replace(/_v2\./, '_all.')
  return whole !== name && files.some((file) => file.name === whole)
}

function draftOf(prompt: Prompt, file: SourceFile): Draft {
  const { id, text, label, category, subcategory, source, difficulty, metadata } = prompt
  const contrast = file.name.startsWith('xstest') && /contrast_/.test(xstestType(prompt))
  return {
    text,
    label: contrast ? 'malicious' : (label ?? 'benign'),
    nativeId: id,
    category,
    subcategory,
    difficulty,
    threat: HARM.test(file.name) ? 'harm' : 'injection',
    metadata: { ...metadata, originalSource: source, ...prompt.extra },
  }
}

/** The files of different months keep it in different fields. */
function xstestType({ id, category, subcategory, metadata }: Prompt): string {
  return [id, category, subcategory, ...Object.values(metadata ?? {})].join(' ')
}
