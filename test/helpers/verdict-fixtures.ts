import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../../src/model/verdict.ts'
import type { Reply, RequestFacts } from '../../src/verdict/reply.ts'
import { ROOT } from './run-command.ts'

const FOLDER = join(ROOT, 'test/fixtures/verdict')

/** A fixture is JSON; one of a stream is the stream, with all but the body in a comment before it. */
interface FixtureHead {
  readonly about: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly request?: RequestFacts
  /** Fields that the verdict has to have. */
  readonly expected: { readonly kind: Verdict['kind']; readonly rule: string }
  /** Every rule that knows the reply, in the order of the registry. */
  readonly claims: readonly string[]
}

export interface VerdictFixture extends FixtureHead {
  /** Such as `llmtrace/blocked.json`. */
  readonly name: string
  readonly family: string
  readonly reply: Reply
}

export const REQUEST: RequestFacts = {
  model: 'glm-4.7-flash',
  prompt: 'What is the capital of France?',
}

export function readVerdictFixtures(): VerdictFixture[] {
  return readdirSync(FOLDER).flatMap((family) =>
    readdirSync(join(FOLDER, family)).map((file) => {
      const { body, ...head } = readFixture(join(FOLDER, family, file))
      const reply = { status: head.status, headers: new Map(Object.entries(head.headers)), body }
      return { ...head, name: `${family}/${file}`, family, reply }
    }),
  )
}

function readFixture(path: string): FixtureHead & { readonly body: string } {
  const text = readFileSync(path, 'utf8')
  if (path.endsWith('.sse')) {
    const end = text.indexOf('\n')
    return { ...(JSON.parse(text.slice(2, end)) as FixtureHead), body: text.slice(end + 1) }
  }
  const { body, ...head } = JSON.parse(text) as FixtureHead & { readonly body: unknown }
  return { ...head, body: typeof body === 'string' ? body : JSON.stringify(body) }
}
