export interface PrometheusSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`
const SAMPLE = new RegExp(
  String.raw`^(${NAME})(?:\{((?:${LABEL},)*(?:${LABEL})?)\})? ([+-]?(?:\d[\d.e+-]*|Inf)|NaN)$`,
)

/**
 * Parses text exposition format 0.0.4 as its specification has it, and strictly: a sample needs HELP and TYPE before
 * it, a family is in one piece, no series twice, the last line ends in a line feed. Throws with the line.
 */
export function parsePrometheusText(text: string): PrometheusSample[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const samples: PrometheusSample[] = []
  const types = new Map<string, string>()
  const helped = new Set<string>()
  const seen = new Set<string>()
  let family = ''
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, kind, name = '', rest = ''] =
      new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`).exec(line) ?? []
    if (kind === 'HELP') {
      if (helped.has(name)) throw new Error(`a second HELP: ${line}`)
      helped.add(name)
    } else if (kind === 'TYPE') {
      if (types.has(name)) throw new Error(`a second TYPE: ${line}`)
      if (!/^(?:counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(line)
      types.set(name, rest)
      family = name
    } else {
      const match = SAMPLE.exec(line)
      if (match === null) throw new Error(`no sample: ${line}`)
      const [, own = '', labels = '', value = ''] = match
      if (own !== family || !helped.has(own)) throw new Error(`outside its family: ${line}`)
      const sample = { name: own, labels: parseLabels(labels), value: Number(value) }
      const series = JSON.stringify([own, sample.labels])
      if (seen.has(series)) throw new Error(`a series twice: ${line}`)
      seen.add(series)
      samples.push(sample)
    }
  }
  return samples
}

function parseLabels(text: string): Record<string, string> {
  const pairs = text.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/g)
  return Object.fromEntries(
    [...pairs].map(([, name = '', value = '']) => [
      name,
      value.replaceAll(/\\(["\\n])/g, (_, one: string) => (one === 'n' ? '\n' : one)),
    ]),
  )
}
