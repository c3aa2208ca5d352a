import { access } from 'node:fs/promises'
import type { DatasetFile } from '../../datasets/load-prompts.ts'
import { readRows } from '../../datasets/read-rows.ts'
import { RowChecker } from '../../datasets/row-checker.ts'
import { describeProblem } from '../../datasets/row-problem.ts'
import { EXIT_CODES } from '../../model/exit-code.ts'
import { UsageError } from '../../model/usage-error.ts'
import { plural } from '../../report/plural.ts'
import type { DatasetsCall } from './call.ts'
import { namedFiles } from './chosen-files.ts'

/** `datasets validate FILE...`: every problem, one a line. Ids have to be unique over all the files. */
export async function validate({ operands, io }: DatasetsCall): Promise<number> {
  const files = namedFiles(operands, io.workingDirectory)
  let problems = 0
  const tell = (line: string) => {
    problems += 1
    io.stdout(`${line}\n`)
  }
  const checker = new RowChecker({
    dropDuplicates: true,
    onProblem: (problem) => tell(describeProblem(problem, true)),
  })
  for (const file of files) {
    const problem = await validateFile(file, checker)
    if (problem !== undefined) tell(problem)
  }
  const { rows, duplicates } = checker.counts
  const also = duplicates === 0 ? '' : `; sending the same as an earlier row: ${duplicates}`
  io.stdout(
    `${plural(rows, 'row')} in ${plural(files.length, 'file')}: ${plural(problems, 'problem')}${also}\n`,
  )
  return problems === 0 ? EXIT_CODES.ok.code : EXIT_CODES.gateFailed.code
}

/** What is wrong with the file as a whole. One that is not there is wrong usage, no finding. */
async function validateFile(file: DatasetFile, checker: RowChecker): Promise<string | undefined> {
  await access(file.path).catch(() => {
    throw new UsageError(`${file.name} does not exist or cannot be read; check the path`)
  })
  checker.beginFile(file.name)
  const before = checker.counts.rows
  try {
    await readRows(file.path, file.name, (value, row) => {
      checker.check(value, row)
    })
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return checker.counts.rows === before ? `${file.name} holds no rows` : undefined
}
