import { createHash } from 'node:crypto'
import type { Prompt } from '../model/prompt.ts'
import type { RequestIdentity } from '../model/run-record.ts'
import type { PreparedRequest } from '../transport/transport.ts'

/** Enough to tell corpora apart, and short enough to read out. */
const DIGITS = 16

/** Fields of a body that are compared by themselves. */
const USUAL = new Set(['model', 'messages', 'temperature', 'max_tokens'])

/** What two runs have to agree in besides their options. All bodies have the same fields, so one is looked at. */
export function identifyRequests(
  prompts: readonly Prompt[],
  requests: readonly PreparedRequest[],
): RequestIdentity {
  const [first] = requests
  const body = (first === undefined ? {} : JSON.parse(first.body.toString())) as object
  const further = Object.entries(body).filter(([name]) => !USUAL.has(name))
  further.sort(([one], [other]) => (one < other ? -1 : 1))
  return {
    promptsHash: hashOf(prompts.map(({ text, messages }) => JSON.stringify(messages ?? text))),
    bodyFields: further.map(([name]) => name),
    ...(further.length === 0 ? {} : { bodyHash: hashOf([JSON.stringify(further)]) }),
  }
}

function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length}:${text}`)
  return hash.digest('hex').slice(0, DIGITS)
}
