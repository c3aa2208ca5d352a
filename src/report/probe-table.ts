/** One line of the probe table. */
export interface ProbeRow {
  readonly caseId: string
  readonly attempt: number
  /** Undefined where no response came. */
  readonly status: number | undefined
  /** `True`, `False`, or empty where it is undecided. */
  readonly blocked: string
  /** `allow`, `block`, or empty without a label. */
  readonly expected: string
  readonly latencyMs: number
  readonly prompt: string
  readonly preview: string
  /** Named where more than one endpoint is probed. */
  readonly endpoint: string | undefined
}

export interface ProbeTableOptions {
  readonly showPrompt: boolean
  readonly previewChars: number
}

const RULE = '-'.repeat(120)

/** Width of the prompt column: the specification's. */
const PROMPT_CHARS = 26

/** The specification's head of the probe table, over the rows of `probeRow`. */
export function probeHead({ showPrompt }: ProbeTableOptions, severalEndpoints: boolean): string {
  const columns = [
    'Case'.padEnd(25),
    'Try'.padEnd(5),
    'HTTP'.padEnd(7),
    'Blocked?'.padEnd(10),
    'Expected'.padEnd(10),
    'Latency(ms)'.padEnd(13),
    ...(severalEndpoints ? ['Endpoint'.padEnd(12)] : []),
    ...(showPrompt ? ['Prompt'.padEnd(27)] : []),
    'Preview',
  ]
  return `${columns.join('')}\n${RULE}\n`
}

export function probeRow(row: ProbeRow, options: ProbeTableOptions): string {
  const columns = [
    cell(row.caseId, 25),
    cell(String(row.attempt), 5),
    cell(row.status === undefined ? '-' : String(row.status), 7),
    cell(row.blocked, 10),
    cell(row.expected, 10),
    `${row.latencyMs.toFixed(1).padStart(9)}    `,
    ...(row.endpoint === undefined ? [] : [cell(row.endpoint, 12)]),
    ...(options.showPrompt ? [cell(shorten(row.prompt, PROMPT_CHARS), PROMPT_CHARS + 2)] : []),
    shorten(row.preview, options.previewChars),
  ]
  return `${columns.join('').trimEnd()}\n`
}

/** Padded, and never grown together with the next column. */
function cell(text: string, width: number): string {
  return text.length < width ? text.padEnd(width) : `${text.slice(0, width - 1)} `
}

/** On one line, without control characters, at most `limit` characters of it. */
export function shorten(text: string, limit: number): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  const characters = Array.from(line)
  if (characters.length <= limit) return line
  return limit <= 3
    ? characters.slice(0, limit).join('')
    : `${characters.slice(0, limit - 3).join('')}...`
}
