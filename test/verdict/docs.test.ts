import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { POINT_METRICS, RATE_METRICS } from '../../src/model/gate.ts'
import { UNDECIDED } from '../../src/model/undecided.ts'
import { parseUserRule } from '../../src/verdict/user-rules.ts'
import { FAMILIES } from '../../src/verdict/signatures/index.ts'
import { readVerdictFixtures } from '../helpers/verdict-fixtures.ts'
import { ROOT } from '../helpers/run-command.ts'

const page = readFileSync(join(ROOT, 'docs/verdicts.md'), 'utf8')

/** The first cells of the rows under a heading, as code. */
function firstCells(heading: string): string[] {
  const [, section = ''] = page.split(`## ${heading}\n`)
  const [own = ''] = section.split('\n## ')
  return Array.from(own.matchAll(/^\| `([^`]+)`/gm), ([, cell = '']) => cell)
}

describe('docs/verdicts.md', () => {
  test('names every rule of a product, and no other', () => {
    const ids = FAMILIES.flatMap(({ rules }) => rules.map(({ id }) => id))
    expect(ids.filter((id) => !page.includes(`\`${id}\``))).toEqual([])
    const names = FAMILIES.map(({ name }) => name).join('|')
    const named = page.matchAll(new RegExp(`\`((?:${names})/[a-z-]+)\``, 'g'))
    expect(Array.from(named, ([, id = '']) => id).filter((id) => !ids.includes(id))).toEqual([])
  })

  test('names every other rule that decided a reply', () => {
    const used = new Set(readVerdictFixtures().map(({ expected }) => expected.rule))
    expect([...used].filter((id) => !page.includes(`\`${id}\``))).toEqual([])
  })

  test.each(Object.entries(UNDECIDED))('tells what %s means', (reason, { meaning }) => {
    expect(page).toMatch(new RegExp(`\\| \`${reason}\` +\\| ${meaning} +\\|`))
  })

  test('shows rules of the user that can be read', () => {
    const forms = firstCells('Rules of the user')
    expect(forms).toHaveLength(6)
    for (const form of forms) expect(parseUserRule(form).text).toBe(form)
  })

  test.each([...RATE_METRICS, ...POINT_METRICS])('names the gate on %s', (metric) => {
    expect(page).toContain(`\`${metric}\``)
  })
})
