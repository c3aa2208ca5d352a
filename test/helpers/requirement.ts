import { spawnSync } from 'node:child_process'

/**
 * Whether something that tests need is there, for `test.runIf(requires(...))`. Where it is missing the reason is in the
 * output; under REQUIRE_ALL=1, as in CI, it is an error instead: what CI skips is tested nowhere.
 */
export function requires(name: string, available: boolean, reason: string): boolean {
  if (available) return true
  if (process.env['REQUIRE_ALL'] === '1') {
    throw new Error(`REQUIRE_ALL=1, but ${name} is missing: ${reason}`)
  }
  process.stderr.write(`Skipped, because ${name} is missing: ${reason}\n`)
  return false
}

/** As `requires`, for a program on the PATH. */
export function requiresProgram(program: string, install: string): boolean {
  const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' })
  return requires(program, error === undefined, install)
}
