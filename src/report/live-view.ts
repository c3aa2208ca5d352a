import { type Level, nameLevel } from '../model/level.ts'
import type { Milliseconds, PerSecond } from '../model/units.ts'

export interface LiveEndpoint {
  readonly name: string
  readonly done: number
  readonly perSecond: PerSecond
  /** Of its latest ok requests; undefined before the first. */
  readonly p50Ms: Milliseconds | undefined
  readonly p95Ms: Milliseconds | undefined
  readonly failed: number
}

/** What is known of a level while it runs. */
export interface LiveState {
  readonly level: Level
  /** From 1. */
  readonly levelNumber: number
  readonly levels: number
  readonly rounds: number
  /** Requests per endpoint. */
  readonly planned: number
  readonly elapsedMs: Milliseconds
  readonly endpoints: readonly LiveEndpoint[]
}

export interface Screen {
  readonly columns: number
  readonly colour: boolean
}

/** The level as lines that fit the screen: what runs and how long it will, then a line an endpoint. */
export function liveView(state: LiveState, screen: Screen): string[] {
  const { levelNumber, levels, rounds, planned, endpoints } = state
  const least = Math.min(...endpoints.map(({ done }) => done))
  const round = Math.min(rounds, 1 + Math.floor((least * rounds) / planned))
  const head = [
    `${nameLevel(state.level)} (${levelNumber}/${levels})`,
    ...(rounds > 1 ? [`round ${round}/${rounds}`] : []),
    `level ends in ${remaining(state)}`,
  ].join('  ')
  const width = Math.max(...endpoints.map(({ name }) => name.length))
  return [
    paint(fit(head, screen.columns), '1', screen),
    ...endpoints.map((one) => endpointLine(one, { width, planned }, screen)),
  ]
}

function endpointLine(
  { name, done, perSecond, p50Ms, p95Ms, failed }: LiveEndpoint,
  { width, planned }: { readonly width: number; readonly planned: number },
  screen: Screen,
): string {
  const count = `${done}/${planned}`.padStart(2 * String(planned).length + 1)
  const line = [
    `  ${name.padEnd(width)}`,
    count,
    `${perSecond.toFixed(1)}/s`.padStart(9),
    `p50 ${milliseconds(p50Ms)}`,
    `p95 ${milliseconds(p95Ms)}`,
    ...(failed > 0 ? [`${failed} not ok`] : []),
  ].join('  ')
  const fitted = fit(line, screen.columns)
  return failed > 0 ? paint(fitted, '31', screen) : fitted
}

function milliseconds(ms: number | undefined): string {
  return (ms === undefined ? '-' : `${ms.toFixed(1)}ms`).padStart(9)
}

/** By the pace so far, `0:42`; of this level alone, since the next may be slower. */
function remaining({ endpoints, planned, elapsedMs }: LiveState): string {
  const done = endpoints.reduce((sum, one) => sum + one.done, 0)
  if (done === 0) return '-:--'
  const left = Math.max(0, endpoints.length * planned - done)
  const seconds = Math.ceil((elapsedMs * left) / done / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** A line that wraps would not be written over. Names come from flags: what is no plain text would move the cursor. */
function fit(line: string, columns: number): string {
  return line.replaceAll(/\p{C}/gu, '?').slice(0, Math.max(1, columns - 1))
}

function paint(line: string, code: string, { colour }: Screen): string {
  return colour ? `\u001B[${code}m${line}\u001B[0m` : line
}
