import { type Estimate, measured, unmeasured } from '../model/estimate.ts'

/** Values of a JSON file that may hold anything. */
export type Json = Readonly<Record<string, unknown>>

export function estimate(value: unknown): Estimate {
  return typeof value === 'number' ? measured(value) : unmeasured('not measured')
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map((one) => record(one)) : []
}
