import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli/run-cli.ts'
import { fakeIo } from '../helpers/fake-io.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

const scratch = scratchFolder()

async function run(...words: readonly string[]) {
  const { io, output } = fakeIo(scratch.path)
  const code = await runCli(['datasets', ...words], io)
  return { code, ...output }
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(scratch.path, name), 'utf8'))
}

const ROWS = [
  {
    id: 'attack-1',
    text: 'Say lantern.',
    label: 'malicious',
    category: 'system_override',
    language: 'en',
    pairId: 'p1',
    rationale: 'It orders.',
    own: { field: 1 },
  },
  {
    id: 'twin-1',
    text: 'What is a lantern?',
    label: 'benign',
    category: 'benign_twin',
    language: 'en',
    pairId: 'p1',
  },
  {
    id: 'tool-1',
    text: 'tide?',
    label: 'benign',
    category: 'plain_task',
    language: 'de',
    messages: [
      { role: 'user', content: 'tide?' },
      { role: 'tool', tool_call_id: 'c', content: '{}' },
    ],
  },
]

beforeAll(() => {
  scratch.write('benchmarks/datasets/core.json', ROWS)
  scratch.write('benchmarks/suites/mini.json', [{ ...ROWS[0], id: 'mini-1' }])
  scratch.write('bad.json', [ROWS[0], { id: 'x', text: 't', label: 'evil' }, 5])
})

describe('datasets list', () => {
  test('names suites and files with their counts', async () => {
    const { code, stdout } = await run('list')
    expect(code).toBe(0)
    expect(stdout).toMatch(/benchmarks.datasets.core\.json \| core \| 3 \| 2 \| 1 \| 0 \|/)
    expect(stdout).toMatch(/benchmarks.suites.mini\.json \| mini \| 1 \| 0 \| 1 \| 0 \|/)
    expect(stdout).toContain('| total |')
  })

  test('as JSON, of one suite', async () => {
    const { stdout } = await run('list', '--dataset-suite', 'mini', '--format', 'json')
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ suite: 'mini', rows: 1, malicious: 1, invalid: 0 }),
    ])
  })
})

describe('datasets stats', () => {
  test('counts by label, category, language and length', async () => {
    const { stdout } = await run('stats')
    expect(stdout).toMatchInlineSnapshot(`
      "3 rows: 1 malicious, 2 benign; 1 of them conversations

      | category | rows | benign | malicious |
      |---|---:|---:|---:|
      | benign_twin | 1 | 1 | 0 |
      | plain_task | 1 | 1 | 0 |
      | system_override | 1 | 0 | 1 |

      | language | rows | benign | malicious |
      |---|---:|---:|---:|
      | en | 2 | 1 | 1 |
      | de | 1 | 1 | 0 |

      | length (UTF-16 units sent) | rows | benign | malicious | share |
      |---|---:|---:|---:|---:|
      | < 64 | 3 | 2 | 1 | 100.0% |
      | 64 - 256 | 0 | 0 | 0 | 0.0% |
      | 256 - 1k | 0 | 0 | 0 | 0.0% |
      | 1k - 4k | 0 | 0 | 0 | 0.0% |
      | 4k - 16k | 0 | 0 | 0 | 0.0% |
      | 16k - 32k | 0 | 0 | 0 | 0.0% |
      | >= 32k | 0 | 0 | 0 | 0.0% |

      "
    `)
  })

  test('of files, bad rows left out on request', async () => {
    expect((await run('stats', 'bad.json')).stderr).toContain('2 of 3 rows cannot be used')
    const { stdout } = await run('stats', 'bad.json', '--dataset-skip-invalid', '--format', 'json')
    expect(JSON.parse(stdout)).toMatchObject({ rows: 1, invalid: 2, labels: { malicious: 1 } })
  })
})

describe('datasets validate', () => {
  test('tells every problem, and ends with 1', async () => {
    scratch.write('repeats.json', [ROWS[0], { ...ROWS[1], id: 'attack-1' }])
    scratch.write('cut.json', '[{"id":')
    scratch.write('empty.jsonl', '\n')
    const { code, stdout } = await run(
      'validate',
      'bad.json',
      'repeats.json',
      'cut.json',
      'empty.jsonl',
    )
    expect(code).toBe(1)
    expect(stdout).toMatchInlineSnapshot(`
      "bad.json row 2 (id x): label is "evil"
      bad.json row 3: not an object
      repeats.json row 2 (id attack-1): the same id as row 1 of bad.json
      cut.json is neither a JSON array nor JSONL; give objects with id, text and label in one of them
      empty.jsonl holds no rows
      5 rows in 4 files: 5 problems; sending the same as an earlier row: 1
      "
    `)
  })

  test('ends with 0 where there is none', async () => {
    const { code, stdout } = await run('validate', 'benchmarks/datasets/core.json')
    expect([code, stdout]).toEqual([0, '3 rows in 1 file: 0 problems\n'])
  })

  test('a missing file is wrong usage', async () => {
    const { code, stderr } = await run('validate', 'none.json')
    expect([code, stderr]).toEqual([
      2,
      'llmtrace-bench: none.json does not exist or cannot be read; check the path\n',
    ])
  })
})

describe('datasets show', () => {
  test('prints a row with its twin, unknown fields and all', async () => {
    const { stdout } = await run('show', 'attack-1')
    expect(stdout).toMatchInlineSnapshot(`
      "id: attack-1
      label: malicious
      category: system_override
      language: en
      pairId: p1
      rationale: It orders.
      own: {"field":1}
      twin: twin-1

      Say lantern.
      "
    `)
  })

  test('prints a conversation turn by turn', async () => {
    const { stdout } = await run('show', 'tool-1')
    expect(stdout).toContain('--- user\ntide?\n\n--- tool\n{"tool_call_id":"c","content":"{}"}\n')
  })

  test('looks into every suite, and gives the row as it is with --format json', async () => {
    const { stdout } = await run('show', 'mini-1', '--format', 'json')
    expect(JSON.parse(stdout)).toEqual({ ...ROWS[0], id: 'mini-1' })
  })

  test('an unknown id is told, with near ones', async () => {
    const { code, stderr } = await run('show', 'attack')
    expect(code).toBe(2)
    // The suites that this folder lacks are the package's.
    expect(stderr).toMatch(/"attack" is the id of none of \d+ rows; did you mean attack-1\?/)
  })
})

describe('datasets sample', () => {
  test('prints rows that can be loaded again, the same for the same seed', async () => {
    const { stdout } = await run('sample', '2', '--seed', '5')
    const rows = JSON.parse(stdout) as { label: string }[]
    expect(rows.map(({ label }) => label).toSorted()).toEqual(['benign', 'malicious'])
    expect((await run('sample', '2', '--seed', '5')).stdout).toBe(stdout)
    await run('sample', '99', '--out', 'all.jsonl')
    expect((await run('validate', 'all.jsonl')).stdout).toContain('3 rows in 1 file: 0 problems')
  })

  test.each(['0', 'x', '-1.5'])('refuses %j rows', async (count) => {
    const { code, stderr } = await run('sample', '--', count)
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not a number of rows')])
  })
})

describe('datasets dedupe', () => {
  test('merges files, each prompt once, and tells conflicting labels', async () => {
    scratch.write('other.json', [ROWS[0], { ...ROWS[1], id: 'other', label: 'malicious' }])
    const { code, stdout } = await run(
      'dedupe',
      'benchmarks/datasets/core.json',
      'other.json',
      '--out',
      'merged.json',
    )
    expect([code, stdout]).toEqual([
      0,
      '3 of 5 rows written to merged.json; 2 duplicates removed\n' +
        '1 duplicate with another label than the row that was kept:\n' +
        '  twin-1 (benign, kept) and other (malicious)\n',
    ])
    expect(readJson('merged.json')).toMatchObject([
      { id: 'attack-1', own: { field: 1 }, metadata: { duplicates: 1 } },
      { id: 'twin-1', metadata: { duplicates: 1 } },
      { id: 'tool-1' },
    ])
  })

  test('refuses an id of two prompts', async () => {
    scratch.write('clash.json', [{ ...ROWS[0], text: 'Something else.' }])
    const { code, stderr } = await run('dedupe', 'clash.json', 'other.json', '--out', 'no.json')
    expect([code, existsSync(join(scratch.path, 'no.json'))]).toEqual([2, false])
    expect(stderr).toContain('ids of different prompts: 1, such as attack-1')
  })
})

describe('datasets import', () => {
  const OUT = 'benchmarks/datasets/external/deepset.json'

  test('writes rows, with notes beside them that are no dataset', async () => {
    scratch.write('downloads/train.csv', 'text,label\nSay lantern.,1\nIs it lit?,0\nIs it lit?,0\n')
    scratch.write('downloads/LICENSE', 'The licence.')
    const { code, stdout } = await run(
      'import',
      '--from',
      'deepset',
      'downloads/train.csv',
      '--out',
      OUT,
    )
    expect(code).toBe(0)
    expect(stdout).toContain(
      `2 rows (1 malicious, 1 benign) written to ${OUT}; 1 duplicate removed`,
    )
    expect(readJson('benchmarks/datasets/external/deepset.provenance.json')).toMatchObject({
      adapter: 'deepset',
      licence: 'Apache-2.0',
      licenceText: 'The licence.',
      rows: 2,
      malicious: 1,
      duplicatesRemoved: 1,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      files: [{ name: 'train.csv', bytes: 52, sha256: expect.any(String) }],
    })
    const { stdout: listed } = await run('list', '--dataset-suite', 'external', '--format', 'json')
    expect(JSON.parse(listed)).toMatchObject([{ suite: 'external', rows: 2 }])
    // Its text is in core already: the suite `all` has it once.
    const { stdout: all } = await run('stats', '--dataset-suite', 'all', '--format', 'json')
    expect(JSON.parse(all)).toMatchObject({ rows: 4, duplicates: 1 })
  })

  test('a generic import is named after its file, and takes the licence that it is told', async () => {
    scratch.write('mine.tsv', 'prompt\tis_attack\nSay lantern.\t1\n')
    scratch.write('mine-licence.txt', 'Ours.')
    const { code } = await run(
      ...['import', '--from', 'generic', 'mine.tsv', '--out', 'ours/mine.json'],
      ...['--map', 'text=prompt,label=is_attack', '--label-map', '1=malicious,0=benign'],
      ...['--licence-file', 'mine-licence.txt'],
    )
    expect(code).toBe(0)
    expect(readJson('ours/mine.json')).toMatchObject([{ source: 'mine', label: 'malicious' }])
    expect(readJson('ours/mine.provenance.json')).toMatchObject({ licenceText: 'Ours.' })
  })

  test.each([
    [['import', 'x.csv', '--out', 'o.json'], /--from is missing; the adapters are[\s\S]*xstest/],
    [['import', '--from', 'pint', 'bad.json'], /datasets import needs --out FILE/],
    [
      ['import', '--from', 'pint', 'bad.json', '--out', 'o.json', '--map', 'text=a'],
      /--map and --label-map are for --from generic; pint knows its fields/,
    ],
    [
      ['import', '--from', 'deepset', 'benchmarks/suites/mini.json', '--out', 'o.json'],
      /no row could be made; deepset reads train and test[\s\S]*1 record: field "label" is "malicious"/,
    ],
    [['sample'], /datasets sample received nothing; give datasets sample N \[FILE\.\.\.\]/],
    [['list', 'x'], /datasets list received "x"; give datasets list$/m],
    [['polish'], /datasets takes one of list, stats, .*, not "polish"/],
    [[], /datasets takes one of list/],
  ])('%j is wrong usage', async (words, message) => {
    const { code, stderr } = await run(...words)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
