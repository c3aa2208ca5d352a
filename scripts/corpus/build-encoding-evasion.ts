// Encodes the authored attacks of the seeds file into rows; with --check compares them with the file instead.
import { readFile, writeFile } from 'node:fs/promises'
import { chainEncodings } from './encodings.ts'

interface Message {
  readonly role: string
  /** `$text` stands for the text of the row. */
  readonly content: string
}

interface SeedRow {
  readonly subcategory: string
  readonly difficulty: 1 | 2 | 3
  readonly language: string
  readonly rationale: string
  readonly owasp: readonly string[]
  readonly atlas: readonly string[]
  readonly pairId?: string
  readonly messages?: readonly Message[]
  readonly attackPosition?: 'start' | 'middle' | 'end'
}

interface Seed {
  readonly id: string
  readonly encoding: string
  /** For `nested`: the encodings, innermost first. */
  readonly chain?: readonly string[]
  readonly before: string
  readonly plain: string
  readonly after: string
  readonly row: SeedRow
}

const SEEDS = new URL('../../benchmarks/seeds/encoding-evasion.json', import.meta.url)
const DATASET = new URL('../../benchmarks/datasets/encoding_evasion.json', import.meta.url)

/** `metadata.start` and `end` mark the encoded part of the text, in UTF-16 units. */
function toRow(seed: Seed): Record<string, unknown> {
  const { id, encoding, chain, before, plain, after } = seed
  const { subcategory, pairId, owasp, atlas, messages, attackPosition, ...rest } = seed.row
  const encoded = chainEncodings(chain ?? [encoding]).encode(plain)
  const text = `${before}${encoded}${after}`
  return {
    id,
    text,
    label: 'malicious',
    category: 'encoding_evasion',
    subcategory,
    source: 'llmtrace-bench',
    ...rest,
    ...(pairId === undefined ? {} : { pairId }),
    owasp,
    atlas,
    ...(messages === undefined ? {} : { messages: messages.map((message) => fill(message, text)) }),
    metadata: {
      encoding,
      ...(chain === undefined ? {} : { chain }),
      plain,
      start: before.length,
      end: before.length + encoded.length,
      ...(attackPosition === undefined ? {} : { attackPosition }),
    },
  }
}

function fill({ role, content }: Message, text: string): Message {
  return { role, content: content === '$text' ? text : content }
}

const seeds = JSON.parse(await readFile(SEEDS, 'utf8')) as readonly Seed[]
const wanted = `${JSON.stringify(seeds.map(toRow), undefined, 1)}\n`
if (!process.argv.includes('--check')) await writeFile(DATASET, wanted)
else if ((await readFile(DATASET, 'utf8').catch(() => '')) !== wanted) {
  console.error(
    'benchmarks/datasets/encoding_evasion.json is stale: run npx tsx scripts/corpus/build-encoding-evasion.ts',
  )
  process.exitCode = 1
}
