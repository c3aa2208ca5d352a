import { z } from 'zod'
import type { GateVerdict } from '../model/gate.ts'

const PROBE_GATES = z.looseObject({
  probe_version: z.number(),
  gates: z.array(
    z.looseObject({
      gate: z.looseObject({
        matrix: z.enum(['enforced', 'detected']),
        of: z.looseObject({ metric: z.string() }),
        operator: z.string(),
        limit: z.number(),
      }),
      state: z.enum(['PASS', 'FAIL']),
      actual: z.number().optional(),
      n: z.number(),
      reason: z.string().optional(),
    }),
  ),
})

export interface ProbeGates {
  readonly gates: readonly GateVerdict[]
  /** The whole file. */
  readonly file: Readonly<Record<string, unknown>>
}

/** The gates in the result file of a probe; undefined where the text is no such file. */
export function readProbeGates(text: string): ProbeGates | undefined {
  // Its first key: a result file of many samples is not read a second time for this.
  if (!text.slice(0, 200).includes('"probe_version"')) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const read = PROBE_GATES.safeParse(value)
  if (!read.success) return undefined
  return { gates: read.data.gates as unknown as GateVerdict[], file: read.data }
}
