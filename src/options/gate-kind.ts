import {
  type Gate,
  GATE_OPERATORS,
  MATRIX_METRICS,
  nameGate,
  POINT_METRICS,
  RATE_METRICS,
} from '../model/gate.ts'
import { type Kind, type Read } from './kinds.ts'

const FORM = /^(?:(enforced|detected)\.)?([a-z0-9_]+)(?:\.([a-z]+))?\s*(>=|<=|>|<)\s*(\S+)$/

const NUMBER = /^(-?\d+(?:\.\d+)?)(%?)$/

/** `tpr.lower>=0.80`, `detected.fpr.upper<=5%`, `coverage>=0.99`. */
export const gate: Kind<Gate> = {
  placeholder: '<metric.bound>=number>',
  read: readGate,
  print: nameGate,
}

function readGate(given: string): Read<Gate> {
  const [, matrix, metric = '', bound, sign, number = ''] = FORM.exec(given.trim()) ?? []
  const operator = GATE_OPERATORS.find((one) => one === sign)
  if (operator === undefined) {
    return { problem: 'is no gate; write it as tpr.lower>=0.80 or coverage>=0.99' }
  }
  const of = readMetric(metric, bound)
  if ('problem' in of) return of
  const limit = readLimit(number, of.value.metric === 'mcc' ? -1 : 0)
  if (limit === undefined) {
    return { problem: `has the limit "${number}"; write a share such as 0.80 or 80%` }
  }
  if (matrix !== undefined && !MATRIX_METRICS.some((one) => one === metric)) {
    return { problem: `asks for ${metric} of a matrix, which it is not of; leave ${matrix}. out` }
  }
  return {
    value: { matrix: matrix === 'detected' ? matrix : 'enforced', of: of.value, operator, limit },
  }
}

function readMetric(metric: string, bound: string | undefined): Read<Gate['of']> {
  const rate = RATE_METRICS.find((one) => one === metric)
  const point = POINT_METRICS.find((one) => one === metric)
  if (rate !== undefined) {
    return bound === 'lower' || bound === 'upper'
      ? { value: { metric: rate, bound } }
      : {
          problem: `needs a bound, since a point may be luck; write ${rate}.lower or ${rate}.upper`,
        }
  }
  if (point !== undefined) {
    return bound === undefined
      ? { value: { metric: point } }
      : { problem: `asks for a bound of ${point}, which has no interval; leave .${bound} out` }
  }
  const known = [...RATE_METRICS.map((one) => `${one}.lower`), ...POINT_METRICS]
  return { problem: `is on "${metric}"; known are ${known.join(', ')}, and .upper` }
}

function readLimit(text: string, least: number): number | undefined {
  const [, digits, percent] = NUMBER.exec(text) ?? []
  if (digits === undefined) return undefined
  const value = Number(digits) / (percent === '%' ? 100 : 1)
  return value >= least && value <= 1 ? value : undefined
}
