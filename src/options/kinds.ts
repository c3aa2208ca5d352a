/** The outcome of reading one value: the value, or what is wrong with the text and what to write instead. */
export type Read<T> = { readonly value: T } | { readonly problem: string }

/** One kind of option value: text in, value out, and back. */
export interface Kind<T> {
  /** Stands for the value in help, such as `<n>`; empty for a switch. */
  readonly placeholder: string
  readonly read: (text: string) => Read<T>
  readonly print: (value: T) => string
  /** JSON Schema of the value in a config file; a text where it is left out. */
  readonly schema?: Readonly<Record<string, unknown>>
}

export const text: Kind<string> = {
  placeholder: '<text>',
  read: (given) => ({ value: given }),
  print: (value) => value,
}

export const path: Kind<string> = {
  placeholder: '<file>',
  read: (given) =>
    given === '' ? { problem: 'is empty; give the path of a file' } : { value: given },
  print: (value) => value,
}

/** A value that may not be echoed. Empty means absent: an unset variable of a CI job arrives so. */
export const secret: Kind<string> = {
  placeholder: '<secret>',
  read: (given) =>
    // A control character would write a header line of its own; RFC 6750 allows none.
    /^[\x20-\x7e]*$/.test(given)
      ? { value: given }
      : {
          problem: 'holds a character that no header may carry; check for a line break at its end',
        },
  print: (value) => value,
}

/** A switch: present or not. */
export const flag: Kind<boolean> = {
  placeholder: '',
  read: (given) => ({ value: given === 'true' }),
  print: (value) => String(value),
  schema: { type: 'boolean' },
}

export const httpUrl: Kind<string> = {
  placeholder: '<url>',
  read: readUrl,
  print: (value) => value,
}

function readUrl(given: string): Read<string> {
  const parsed = URL.canParse(given) ? new URL(given) : undefined
  if (parsed !== undefined && (parsed.username !== '' || parsed.password !== '')) {
    // The message must not repeat the password; see `hidden` below.
    return { problem: 'holds a user name or password; use --token or --header instead' }
  }
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return { value: given }
  const withScheme = `http://${given}`
  const hint =
    !given.includes('://') && URL.canParse(withScheme) ? `; did you mean ${withScheme}?` : ''
  return { problem: `is not an http or https URL${hint}` }
}

/** A whole number from `least` up to `most`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Kind<number> {
  return {
    placeholder: '<n>',
    read: (given) => {
      const value = Number(given)
      if (/^[+-]?\d+$/.test(given) && value >= least && value <= most) return { value }
      const range =
        most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
      return { problem: `is not a whole number ${range}` }
    },
    print: String,
    schema: {
      type: 'integer',
      minimum: least,
      ...(most === Number.MAX_SAFE_INTEGER ? {} : { maximum: most }),
    },
  }
}

/** A number from `least`, or above it where `exclusive`. */
export function decimal(least: number, exclusive = false): Kind<number> {
  return {
    placeholder: '<n>',
    read: (given) => {
      const value = given.trim() === '' ? Number.NaN : Number(given)
      if (Number.isFinite(value) && (exclusive ? value > least : value >= least)) return { value }
      return { problem: `is not a number ${exclusive ? 'above' : 'of at least'} ${least}` }
    },
    print: String,
    schema: { type: 'number', [exclusive ? 'exclusiveMinimum' : 'minimum']: least },
  }
}

const SIZE = /^(\d+(?:\.\d+)?)(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?$/
const PREFIXES = ['', 'k', 'M', 'G', 'T']

/** A number of bytes above 0, such as `500MB` or `1GiB`. */
export const byteSize: Kind<number> = {
  placeholder: '<size>',
  read: (given) => {
    const [, amount, unit = 'B'] = SIZE.exec(given.trim()) ?? []
    const base = unit.endsWith('iB') ? 1024 : 1000
    const power = PREFIXES.indexOf(unit.replace(/i?B$/, '').replace('K', 'k'))
    const bytes = Math.floor(Number(amount ?? Number.NaN) * base ** power)
    return bytes > 0
      ? { value: bytes }
      : { problem: 'is not a size; write it as 500MB, 1GiB or a number of bytes' }
  },
  print: (value) => {
    const power = [4, 3, 2, 1].find((each) => value % 1024 ** each === 0) ?? 0
    return `${value / 1024 ** power}${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`
  },
}

const DURATION = /^(\d+(?:\.\d+)?)(us|ms|s|m)$/
const UNIT_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 }

/** `250us`, `5ms`, `1.5s` or `2m` in ms; undefined where it is none of them. */
export function readDuration(given: string): number | undefined {
  const [, amount, unit = ''] = DURATION.exec(given.trim()) ?? []
  return amount === undefined ? undefined : Number(amount) * (UNIT_MS[unit] ?? 1)
}

/** A time above 0, in ms. */
export const duration: Kind<number> = {
  placeholder: '<duration>',
  read: (given) => {
    const ms = readDuration(given)
    return ms ? { value: ms } : { problem: 'is not a time; write it as 250us, 5ms, 1.5s or 2m' }
  },
  print: (value) => `${value}ms`,
}

/** `1%` or `0.01`, as a share from 0 to 1; undefined where it is neither. */
export function readShare(given: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(given.trim())
  if (match === null) return undefined
  const value = Number(match[1]) / (match[2] === '%' ? 100 : 1)
  return match[2] === '' && value > 1 ? undefined : value
}

export const share: Kind<number> = {
  placeholder: '<share>',
  read: (given) => {
    const value = readShare(given)
    return value === undefined ? { problem: 'is not a share; write it as 1% or 0.01' } : { value }
  },
  print: (value) => `${value * 100}%`,
}

/** One of `choices`. Where they are many, help is narrower with a `placeholder` than with all of them. */
export function choice<const T extends string>(
  choices: readonly T[],
  placeholder = `<${choices.join('|')}>`,
): Kind<T> {
  return {
    placeholder,
    read: (given) => {
      const value = choices.find((one) => one === given)
      return value === undefined ? { problem: `is none of ${choices.join(', ')}` } : { value }
    },
    print: (value) => value,
    schema: { enum: choices },
  }
}

/** `a,b`: some of `choices`, each once. */
export function choiceList<const T extends string>(choices: readonly T[]): Kind<readonly T[]> {
  const one = choice(choices)
  return {
    placeholder: '<name,...>',
    read: (given) => {
      const values: T[] = []
      for (const entry of given.split(',').map((word) => word.trim())) {
        const read = one.read(entry)
        if ('problem' in read) return { problem: `has the entry "${entry}", which ${read.problem}` }
        if (values.includes(read.value)) return { problem: `names ${entry} twice; name it once` }
        values.push(read.value)
      }
      return { value: values }
    },
    print: (value) => value.join(','),
  }
}

/** A list, or its entries with commas between them. */
function listSchema(items: Readonly<Record<string, unknown>>) {
  return { anyOf: [{ type: 'array', items }, { type: ['string', 'number'] }] }
}

/** `1,2,5`: whole numbers of at least `least`, each once. */
export function integerList(least: number): Kind<readonly number[]> {
  return {
    placeholder: '<n,n,...>',
    read: (given) => {
      const entries = given.split(',').map((entry) => entry.trim())
      const bad = entries.find((entry) => !/^\d+$/.test(entry) || Number(entry) < least)
      if (bad !== undefined) {
        return {
          problem: `has the entry "${bad}", which is not a whole number of at least ${least}; write it as 1,2,5`,
        }
      }
      const twice = entries.find((entry, index) => entries.indexOf(entry) !== index)
      if (twice !== undefined) return { problem: `names ${twice} twice; name each level once` }
      return { value: entries.map(Number) }
    },
    print: (value) => value.join(','),
    schema: listSchema({ type: 'integer', minimum: least }),
  }
}

/** `10,20.5`: numbers above 0, each once. */
export const decimalList: Kind<readonly number[]> = {
  placeholder: '<n,n,...>',
  read: (given) => {
    const entries = given.split(',').map((entry) => entry.trim())
    const bad = entries.find((entry) => entry === '' || !(Number(entry) > 0 && Number(entry) < 1e6))
    if (bad !== undefined) {
      return {
        problem: `has the entry "${bad}", which is not a number above 0; write it as 10,20,50`,
      }
    }
    const twice = entries.find((entry, index) => entries.indexOf(entry) !== index)
    if (twice !== undefined) return { problem: `names ${twice} twice; name each level once` }
    return { value: entries.map(Number) }
  },
  print: (value) => value.join(','),
  schema: listSchema({ type: 'number', exclusiveMinimum: 0 }),
}

/** `a,b`: texts without commas; empty entries are passed over. */
export const textList: Kind<readonly string[]> = {
  placeholder: '<text,...>',
  read: (given) => ({
    value: given
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  }),
  print: (value) => value.join(','),
  schema: listSchema({ type: 'string' }),
}

/** `a=b,c=d`: names and what each stands for, each name once. */
export const pairs: Kind<Readonly<Record<string, string>>> = {
  placeholder: '<name=value,...>',
  read: (given) => {
    const entries = given.split(',').map((entry) => entry.trim().split(/=(.*)/s))
    const bad = entries.find(([name, value]) => !name || !value)
    if (bad !== undefined) {
      return { problem: `has the entry "${bad.join('')}"; write it as NAME=VALUE,NAME=VALUE` }
    }
    const names = entries.map(([name]) => name)
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) return { problem: `names ${twice} twice` }
    return { value: Object.fromEntries(entries.map(([name = '', value = '']) => [name, value])) }
  },
  print: (value) =>
    Object.entries(value)
      .map(([name, one]) => `${name}=${one}`)
      .join(','),
}

/** A JSON object. */
export const jsonObject: Kind<Readonly<Record<string, unknown>>> = {
  placeholder: '<json>',
  read: (given) => {
    try {
      const value: unknown = JSON.parse(given)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        return { value: value as Record<string, unknown> }
      }
    } catch {
      // Said below, with the way out.
    }
    return { problem: `is not a JSON object; write it as '{"top_p": 0.9}'` }
  },
  print: (value) => JSON.stringify(value),
  schema: { type: ['object', 'string'] },
}

export type Header = readonly [name: string, value: string]

const OWN_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
])

/** `Name: value` or `Name=value`. */
export const header: Kind<Header> = {
  placeholder: '<name: value>',
  read: (given) => {
    const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*[:=]\s*([\t\x20-\x7e\x80-\xff]*)$/.exec(given)
    const [, name, value] = match ?? []
    if (name === undefined || value === undefined) {
      return { problem: 'is not a header; write it as "Name: value", on one line' }
    }
    if (OWN_HEADERS.has(name.toLowerCase()))
      return { problem: `sets ${name}, which the client sets itself` }
    return { value: [name, value.trim()] }
  },
  print: ([name, value]) => `${name}: ${value}`,
}
