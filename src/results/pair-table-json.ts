import { badPairs, type PairTable } from './pair-table.ts'

type Json = Readonly<Record<string, unknown>>

const WANTED = 'give an array of objects such as [{"direct": 20.1, "proxy": 24.8}]'

/** Reads an array of objects, or an object with one array in it. Throws UsageError. */
export function readJsonTable(file: string, text: string): PairTable {
  const rows = rowsOf(file, parse(file, text))
  const columns = new Set(rows.flatMap((row) => (isObject(row) ? Object.keys(row) : [])))
  return {
    columns: [...columns],
    length: rows.length,
    cell: (row, column) => lookUp(rows[row], column),
    problem: (row) => (isObject(rows[row]) ? undefined : `is ${nameOf(rows[row])}, not an object`),
    where: (row) => `row ${row + 1}`,
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw badPairs(file, `is not valid JSON (${reason}); ${WANTED}`)
  }
}

function rowsOf(file: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (!isObject(value)) throw badPairs(file, `holds ${nameOf(value)}; ${WANTED}`)
  const arrays = Object.entries(value).filter(([, item]) => Array.isArray(item))
  const [first, ...others] = arrays
  if (first === undefined) throw badPairs(file, `holds no array; ${WANTED}`)
  if (others.length > 0) {
    const names = arrays.map(([name]) => name).join(', ')
    throw badPairs(file, `holds ${arrays.length} arrays (${names}); give a file with one of them`)
  }
  return first[1] as unknown[]
}

/** `a.b` is the key of that name, or else b within a. */
function lookUp(value: unknown, path: string): unknown {
  if (!isObject(value)) return undefined
  if (Object.hasOwn(value, path)) return value[path]
  const dot = path.indexOf('.')
  if (dot === -1) return undefined
  return lookUp(lookUp(value, path.slice(0, dot)), path.slice(dot + 1))
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}
