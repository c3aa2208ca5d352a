import { afterEach, describe, expect, test, vi } from 'vitest'
import { requires, requiresProgram } from './requirement.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('a requirement', () => {
  test('that is met is silent', () => {
    vi.stubEnv('REQUIRE_ALL', '1')
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    expect(requiresProgram('node', 'install it')).toBe(true)
    expect(write).not.toHaveBeenCalled()
  })

  test('that is missing is printed with its reason', () => {
    vi.stubEnv('REQUIRE_ALL', '')
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    expect(requires('wrk', false, 'apt-get install wrk')).toBe(false)
    expect(write).toHaveBeenCalledWith('Skipped, because wrk is missing: apt-get install wrk\n')
  })

  test('that is missing is an error under REQUIRE_ALL=1', () => {
    vi.stubEnv('REQUIRE_ALL', '1')
    expect(() => requiresProgram('no-such-program', 'install it')).toThrow(
      'REQUIRE_ALL=1, but no-such-program is missing: install it',
    )
  })
})
