import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * The import rules of the house, as docs/architecture.md states them. A folder that is not named here may not
 * exist: a new one is a decision record. `*` is everything.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  model: [],
  stats: [],
  wire: [],
  schedule: ['model', 'stats'],
  verdict: ['model', 'wire'],
  analysis: ['model', 'stats', 'verdict'],
  options: ['model', 'formats'],
  report: ['model'],
  exporters: ['model', 'schedule'],
  formats: ['model', 'analysis', 'report', 'results'],
  results: ['model'],
  datasets: ['model', 'stats'],
  transport: ['model', 'wire'],
  engine: ['model', 'schedule', 'transport'],
  library: ['model', 'schedule', 'transport', 'wire', 'engine', 'verdict', 'analysis', 'results'],
  observability: ['model', 'wire'],
  'servers/http': [],
  'servers/simulator': ['wire', 'stats', 'servers/http'],
  'servers/proxy': ['wire', 'stats', 'servers/http'],
  'servers/chatbot': ['wire', 'stats', 'servers/http'],
  'servers/tap': ['wire', 'stats', 'servers/http'],
  cli: ['*'],
  'index.ts': [
    'model',
    'stats',
    'wire',
    'schedule',
    'verdict',
    'analysis',
    'options',
    'report',
    'results',
    'formats',
    'exporters',
    'datasets',
    'transport',
    'engine',
    'library',
    'observability',
    'servers/simulator',
    'servers/proxy',
    'servers/chatbot',
    'servers/tap',
  ],
}

const SOURCE = resolve(import.meta.dirname, '../src')

interface Import {
  readonly file: string
  readonly from: string
  readonly target: string
  readonly to: string
}

function sourceFiles(): string[] {
  return readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

function roomOf(file: string): string {
  const parts = relative(SOURCE, file).split(sep)
  return parts[0] === 'servers' ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g)]
  return specifiers.map(([, specifier = '']) => {
    const target = resolve(dirname(file), specifier)
    return { file, from: roomOf(file), target, to: roomOf(target) }
  })
}

function describeImport({ file, target }: Import): string {
  return `${relative(SOURCE, file)} -> ${relative(SOURCE, target)}`
}

describe('architecture', () => {
  const files = sourceFiles()
  const imports = files.flatMap((file) => importsOf(file))

  test('there is something to check', () => {
    expect(files.length).toBeGreaterThan(30)
    expect(imports.length).toBeGreaterThan(50)
  })

  test('every room is in the table', () => {
    const rooms = new Set(files.map((file) => roomOf(file)))
    expect([...rooms].filter((room) => !(room in ALLOWED))).toEqual([])
  })

  test('every import goes where the table allows', () => {
    const forbidden = imports.filter(({ from, to }) => {
      const allowed = ALLOWED[from] ?? []
      return from !== to && !allowed.includes('*') && !allowed.includes(to)
    })
    expect(forbidden.map((found) => describeImport(found))).toEqual([])
  })

  test('no file has a name that says nothing', () => {
    const drawers = /(?:^|\/)(?:utils?|helpers?|types?|constants?|common|misc)\.ts$/
    expect(files.filter((file) => drawers.test(file))).toEqual([])
  })

  test('no file is longer than 400 lines', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 401)
    expect(long).toEqual([])
  })
})
