import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { readSource } from '../../src/datasets/read-source.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

const scratch = scratchFolder()

const ROWS = [
  { text: 'one, "two"', label: 1 },
  { text: 'drei\nvier ß中', label: 0 },
]

/** As a table without types gives them. */
const TEXTS = ROWS.map(({ text, label }) => ({ text, label: String(label) }))

async function read(name: string, content: unknown): Promise<unknown> {
  const path = scratch.write(`deep/${name}`, content)
  const { file } = await readSource(path, name)
  expect([file.name, file.folder]).toEqual([name, 'deep'])
  return file.value
}

function parquet(): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'text', data: ROWS.map(({ text }) => text), type: 'STRING' },
        { name: 'label', data: ROWS.map(({ label }) => BigInt(label)), type: 'INT64' },
      ],
    }),
  )
}

describe('readSource', () => {
  const lines = ROWS.map((row) => JSON.stringify(row)).join('\n')

  test.each([
    ['a.json', ROWS],
    ['jsonl-inside.json', `${lines}\n`],
    ['a.jsonl', `\uFEFF${lines}\n\n`],
    ['a.ndjson', lines],
    ['a.yaml', '- text: one, "two"\n  label: 1\n- text: "drei\\nvier ß中"\n  label: 0\n'],
    [
      'two-documents.yml',
      '{text: "one, \\"two\\"", label: 1}\n---\ntext: |-\n  drei\n  vier ß中\nlabel: 0\n',
    ],
    ['a.parquet', parquet()],
  ])('reads %s', async (name, content) => {
    expect(await read(name, content)).toEqual(ROWS)
  })

  test.each([
    ['a.csv', '\uFEFFtext,label\n"one, ""two""",1\n\n"drei\nvier ß中",0\n'],
    ['a.tsv', 'text\tlabel\n"one, ""two"""\t1\n"drei\nvier ß中"\t0\n'],
  ])('reads %s, all of it text', async (name, content) => {
    expect(await read(name, content)).toEqual(TEXTS)
  })

  test.each([
    ['a.xlsx', '', /a\.xlsx: its ending tells no format; the formats are \.json \.jsonl/],
    ['bad.json', '{"a":1}\n{', /bad\.json is no valid json: line 2 is not valid JSON/],
    ['bad.yaml', 'a: [', /bad\.yaml is no valid yaml: /],
    ['bad.parquet', 'x', /bad\.parquet is no valid parquet: /],
  ])('refuses %s', async (name, content, message) => {
    await expect(read(name, content)).rejects.toThrow(message)
  })

  test('a missing file is told', async () => {
    await expect(readSource('/no/such.csv', 'such.csv')).rejects.toThrow(
      'such.csv cannot be read (ENOENT)',
    )
  })
})
