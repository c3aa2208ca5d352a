import { describe, expect, test } from 'vitest'
import { groundOf } from '../../src/model/ground.ts'
import { classify } from '../../src/verdict/classify.ts'
import { dependsOnDirect, withDirect } from '../../src/verdict/with-direct.ts'
import { readVerdictFixtures, REQUEST } from '../helpers/verdict-fixtures.ts'

const judged = readVerdictFixtures().map(({ name, reply }) => ({
  name,
  reply,
  ground: groundOf(classify(reply, REQUEST)),
}))

/** One reply for everything that a verdict can rest on. */
const kinds = [...new Map(judged.map((one) => [JSON.stringify(one.ground), one])).values()]

describe('a verdict and that of the same prompt without the proxy', () => {
  test.each(judged)('come to what both replies come to: $name', ({ reply, ground }) => {
    for (const direct of kinds) {
      const known = groundOf(classify(reply, REQUEST, { direct: direct.reply }))
      // Tokens are not looked at here.
      if (known.rule === 'differential/no-tokens') continue
      const settled = withDirect({ ground, status: reply.status ?? 0 }, direct.ground)
      expect({ direct: direct.name, ...settled }).toEqual({ direct: direct.name, ...known })
      // What is said to need no look needs none.
      expect(dependsOnDirect(ground) || settled === ground).toBe(true)
    }
  })
})
