import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/options/commands.ts'
import { SHELLS, type Shell } from '../../src/options/completion.ts'
import { requiresProgram } from '../helpers/requirement.ts'
import { runCommand, startProgram } from '../helpers/run-command.ts'

/** The scripts of `completion`, run by the shells that they are for. */

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
const scriptOf = (shell: Shell) => join(folder, `completion.${shell}`)

beforeAll(async () => {
  for (const shell of SHELLS) {
    const { stdout } = await runCommand(['completion', shell])
    writeFileSync(scriptOf(shell), stdout)
  }
  writeFileSync(join(folder, 'prompts.json'), '[]')
})

afterAll(() => rmSync(folder, { recursive: true }))

/** What a shell offers after these words, the last of which is being written. */
async function offered(shell: Shell, words: readonly string[]): Promise<string[]> {
  const { stdout, stderr, code } = await startProgram(shell, argumentsOf(shell, words), {
    cwd: folder,
    env: { XDG_CONFIG_HOME: folder, HOME: folder },
  }).finished
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return (
    stdout
      .split('\n')
      .map((line) => line.split('\t')[0] ?? '')
      // What zsh's compgen gives is filtered by what is there already only when zsh shows it.
      .filter((line) => line !== '' && (shell !== 'zsh' || line.startsWith(words.at(-1) ?? '')))
  )
}

function argumentsOf(shell: Shell, words: readonly string[]): string[] {
  const script = scriptOf(shell)
  if (shell === 'fish') {
    const line = ['llmtrace-bench', ...words].join(' ')
    return ['-c', `source ${script}; complete -C '${line}'; true`]
  }
  const list = ['llmtrace-bench', ...words].map((word) => `'${word}'`).join(' ')
  const ask = `COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _llmtrace_bench; printf '%s\\n' "\${COMPREPLY[@]}"`
  if (shell === 'bash') return ['--norc', '-c', `source ${script}; ${ask}`]
  // As bashcompinit calls it.
  const emulated = 'emulate -L sh; setopt kshglob noshglob braceexpand nokshautoload'
  return ['-f', '-c', `source ${script}; answer() { ${emulated}; ${ask}; }; answer`]
}

const MISSING = { bash: 'install bash', zsh: 'apt-get install zsh', fish: 'apt-get install fish' }

describe.each(SHELLS)('%s', (shell) => {
  const there = requiresProgram(shell, MISSING[shell])

  test.runIf(there)('completes commands, flags and what a flag may be', async () => {
    const commands = COMMANDS.map(({ name }) => name).filter((name) => name !== '')
    expect(await offered(shell, [''])).toEqual(expect.arrayContaining(commands))
    expect(await offered(shell, ['--concurrency'])).toEqual(
      expect.arrayContaining(['--concurrency', '--concurrency-list']),
    )
    expect(await offered(shell, ['--url', 'http://a/', '--order', 'se'])).toEqual(['sequential'])
    // A value that reads like a command is none.
    expect(await offered(shell, ['--model', 'm', '--dry'])).toEqual(['--dry-run'])
  })

  test.runIf(there)('completes files where a file is wanted', async () => {
    expect(await offered(shell, ['--dataset-file', 'prom'])).toEqual(['prompts.json'])
  })

  test.runIf(there)('knows the flags and actions of each command', async () => {
    expect(await offered(shell, ['simulate', '--tt'])).toEqual(['--ttft'])
    expect(await offered(shell, ['simulate', '--dataset-s'])).toEqual([])
    expect(await offered(shell, ['datasets', 'val'])).toEqual(['validate'])
  })
})

test('an unknown shell is told which there are', async () => {
  const { code, stderr } = await runCommand(['completion', 'tcsh'])
  expect(code).toBe(2)
  expect(stderr).toContain('completion is for bash, zsh, fish, not "tcsh"')
})
